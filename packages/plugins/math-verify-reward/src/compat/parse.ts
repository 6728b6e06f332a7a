import type { Budget } from '../budget.js';
import type { Span } from '../result.js';
import { placesByTrust } from './extract/places.js';
import { pythonArithmetic } from './extract/python-arithmetic.js';
import { readPlace, type Converters, type Reading } from './extract/read-place.js';
import type { CompatValue } from './latex/compat-value.js';
import { latexToValue } from './latex/latex-to-value.js';
import type { CompatSettings } from './settings.js';

/** What Math-Verify's `parse` returns: at most one value, and the string on which it falls back. */
export interface CompatAnswer {
  /** A letter of a choice is a `text`, in lower case. */
  readonly value?: CompatValue;
  readonly valueSpan?: Span;
  /** What the first place that was tried holds, converted or not; so it may come from another place than the value. */
  readonly string?: string;
  readonly stringSpan?: Span;
}

/** Math-Verify 0.8's `parse`. @throws BudgetExhausted */
export function compatParse(text: string, settings: CompatSettings, budget: Budget): CompatAnswer {
  return compatParseWith(text, settings, { latex: latexToValue, expr: pythonArithmetic }, budget);
}

/** `compatParse` with other conversions of strings to values. */
export function compatParseWith(
  text: string,
  settings: CompatSettings,
  converters: Converters,
  budget: Budget,
): CompatAnswer {
  const onlyFirst = settings.extractionMode === 'first_match';
  let first: Reading | undefined;
  for (const places of placesByTrust(text, settings)) {
    for (const place of places) {
      const reading = readPlace(text, place, converters, settings, budget);
      if (reading.fatal) return {};
      if (reading.string !== '') first ??= reading;
      if (reading.value !== undefined || onlyFirst) return answerOf(reading, first, settings);
    }
  }
  return answerOf(undefined, first, settings);
}

function answerOf(
  found: Reading | undefined,
  first: Reading | undefined,
  { fallbackMode }: CompatSettings,
): CompatAnswer {
  return {
    ...(found?.value === undefined ? {} : { value: found.value, valueSpan: found.span }),
    ...(first && fallbackMode === 'first_match' ? { string: first.string, stringSpan: first.span } : {}),
  };
}
