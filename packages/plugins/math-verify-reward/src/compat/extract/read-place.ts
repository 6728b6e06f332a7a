import { fraction, minus, product } from '../../answer/build.js';
import type { Budget } from '../../budget.js';
import type { Span } from '../../result.js';
import { numberFrom } from '../latex/construct.js';
import type { CompatValue } from '../latex/compat-value.js';
import type { CompatSettings } from '../settings.js';
import { normaliseLatex } from './normalise.js';
import type { LatexPlace, NumberParts, Place } from './place.js';

/** How strings become values; undefined where they do not. */
export interface Converters {
  /** Of normalised LaTeX. */
  readonly latex: (latex: string, budget: Budget) => CompatValue | undefined;
  /** Of arithmetic in plain text. */
  readonly expr: (source: string, budget: Budget) => CompatValue | undefined;
}

/** What a place holds. */
export interface Reading {
  /** Absent where it could not be converted. */
  readonly value?: CompatValue;
  readonly string: string;
  readonly span: Span;
  /** Whether Math-Verify fails altogether over it: as on `-007`, which is no number in Python. */
  readonly fatal?: boolean;
}

export function readPlace(
  text: string,
  place: Place,
  { latex, expr }: Converters,
  settings: CompatSettings,
  budget: Budget,
): Reading {
  budget.spend();
  if (place.type === 'latex') return readLatex(text, place, latex, settings, budget);
  if (place.type === 'number') return readNumber(place.number, budget);
  const string = text.slice(place.span.start, place.span.end);
  const value: CompatValue | undefined =
    place.type === 'letter' ? { kind: 'text', text: string.toLowerCase() } : expr(string, budget);
  return { ...valued(value), string, span: place.span };
}

/** Several environments are one set, if all can be read; else the first counts alone. */
function readLatex(
  text: string,
  place: LatexPlace,
  convert: Converters['latex'],
  settings: CompatSettings,
  budget: Budget,
): Reading {
  const pieces = place.pieces.map((piece) => {
    const { latex, span } = normaliseLatex(
      text.slice(piece.span.start, piece.span.end),
      piece.boxes,
      settings,
    );
    const converted = convert(latex, budget);
    return {
      ...valued(piece.percent && converted !== undefined ? percentOf(converted) : converted),
      string: latex,
      span: { start: piece.span.start + span.start, end: piece.span.start + span.end },
    };
  });
  const [first, ...more] = pieces;
  if (!first) return { string: '', span: place };
  const values = pieces.flatMap(({ value }) => (value === undefined ? [] : [value]));
  if (more.length === 0 || values.length < pieces.length) return first;
  return {
    value: { kind: 'set', items: values.flatMap(elementsOf) },
    string: pieces.map(({ string }) => string).join(' and '),
    span: { start: first.span.start, end: more.at(-1)?.span.end ?? first.span.end },
  };
}

function valued(value: CompatValue | undefined): { readonly value?: CompatValue } {
  return value === undefined ? {} : { value };
}

function elementsOf(value: CompatValue): readonly CompatValue[] {
  return value.kind === 'set' || value.kind === 'list' ? value.items : [value];
}

/** A hundredth of a value; of a relation there is none. */
function percentOf(value: CompatValue): CompatValue | undefined {
  if (value.kind === 'relation' && value.operators.length === 1) return undefined;
  if (value.kind !== 'matrix') return { kind: 'percent', value };
  return {
    ...value,
    rows: value.rows.map((row) => row.map((element) => product(element, fraction(1, 100)))),
  };
}

function readNumber({ integer, decimal, percent, span }: NumberParts, budget: Budget): Reading {
  const digits = withoutLeadingZeros(integer.replaceAll(',', '').replaceAll(' ', ''));
  const string = `${digits === '' ? '0' : digits}${decimal.replaceAll(',', '.')}`;
  if (!isPythonNumber(string)) return { string, span, fatal: true };
  const value = string.startsWith('-')
    ? minus(numberFrom(string.slice(1), budget))
    : numberFrom(string, budget);
  return { value: percent ? { kind: 'percent', value } : value, string, span };
}

function withoutLeadingZeros(digits: string): string {
  let start = 0;
  while (digits[start] === '0') start++;
  return digits.slice(start);
}

/** Digits of other scripts are none, and integers must not start with zeros; a minus sign keeps zeros from being cut. */
function isPythonNumber(string: string): boolean {
  return /^-?(?:[0-9]*\.[0-9]+|0+|[1-9][0-9]*)$/.test(string);
}
