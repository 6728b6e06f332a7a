import type { Expression } from '../../answer/expression.js';
import { integer, power, product } from '../../answer/build.js';
import { atomOrBraced, expression } from './arithmetic.js';
import { numberFrom } from './construct.js';
import {
  kindAt,
  once,
  separated,
  textOf,
  followedBy,
  type Reading,
  type Readings,
  type Source,
} from './readings.js';
import { accentName, plainSymbol, subscripted, symbolNamed } from './symbols.js';

/** A subscript: in names its text counts, below a logarithm its value. */
export interface Subscript {
  readonly text: string;
  readonly value: () => Expression;
}

const BASES = new Set<string | undefined>(['letter', 'greek', 'sign', 'accent']);

export function atom(source: Source, at: number): Readings<Expression> {
  return once(source, 'atom', at, () => {
    const token = source.tokens[at];
    if (token === undefined) return [];
    if (BASES.has(token.kind)) return symbolAt(source, at, true);
    const one = (make: () => Expression): Reading<Expression>[] => [{ end: at + 1, make }];
    switch (token.kind) {
      case 'number': {
        const plain = one(() => numberFrom(token.text, source.budget));
        return [
          ...followedBy(
            plain,
            (end) => subscript(source, end),
            (number) => number,
          ),
          ...plain,
        ];
      }
      case 'scientific':
        return one(() => numberFrom(token.text, source.budget));
      case 'percent':
        return one(() =>
          product(numberFrom(token.text.replace(/[\s\\%]/g, ''), source.budget), {
            kind: 'percent',
            value: integer(1),
          }),
        );
      case 'E':
        return one(() => plainSymbol('e', source.real));
      case 'differential':
        return one(() => plainSymbol(`d${differentialName(token.text)}`, source.real));
      case 'gamma':
        return one(() => symbolNamed(token.text, source.real));
      case 'infinity':
        return one(() => ({ kind: 'constant', name: 'infinity' }));
      default:
        return [];
    }
  });
}

/** What stands after the d: a letter or the name of a command. */
export function differentialName(text: string): string {
  const name = text.slice(1).trimStart();
  return name.startsWith('\\') ? name.slice(1) : name;
}

/** A letter, command or accent with a subscript, and where `raised` with a superscript before or after it. */
export function symbolAt(source: Source, at: number, raised: boolean): Readings<Expression> {
  const token = source.tokens[at];
  if (token === undefined || !BASES.has(token.kind)) return [];
  const base = token.kind === 'accent' ? accentName(token.text) : token.text.trim();
  const named = (below: Subscript | undefined, exponent: Expression | undefined): Expression => {
    if (token.kind === 'letter' && base === 'I') return { kind: 'constant', name: 'i' };
    const name = symbolNamed(below === undefined ? base : subscripted(base, below.text), source.real);
    return exponent === undefined ? name : power(name, exponent);
  };
  source.budget.allowNesting(++source.height);
  const below = subscript(source, at + 1);
  const above = raised ? superscript(source, at + 1) : [];
  source.height--;
  return [
    ...followedBy(
      above,
      (end) => subscript(source, end),
      (exponent, sub) => named(sub, exponent),
    ),
    ...(raised
      ? followedBy(
          below,
          (end) => superscript(source, end),
          (sub, exponent) => named(sub, exponent),
        )
      : []),
    ...below.map(({ end, make }) => ({ end, make: () => named(make(), undefined) })),
    ...above.map(({ end, make }) => ({ end, make: () => named(undefined, make()) })),
    { end: at + 1, make: () => named(undefined, undefined) },
  ];
}

export function superscript(source: Source, at: number): Readings<Expression> {
  return kindAt(source, at) === '^' ? atomOrBraced(source, at + 1) : [];
}

export function subscript(source: Source, at: number): Readings<Subscript> {
  if (kindAt(source, at) !== '_') return [];
  if (kindAt(source, at + 1) !== '{')
    return atom(source, at + 1).map(({ end, make }) => ({
      end,
      make: () => ({ text: textOf(source, at + 1, end).trim(), value: make }),
    }));
  const items = separated(source, at + 2, ',', (place) => expression(source, place));
  return items
    .filter(({ end }) => kindAt(source, end) === '}')
    .map(({ end, make }) => ({
      end: end + 1,
      make: () => ({ text: textOf(source, at + 2, end).trim(), value: () => make()[0] as Expression }),
    }));
}
