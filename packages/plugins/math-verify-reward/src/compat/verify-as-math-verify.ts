import type { Budget } from '../budget.js';
import type { VerifyOptions } from '../options.js';
import type { ReadAnswer, Verification } from '../result.js';
import { compatVerify } from './grade/compat-verify.js';
import { compatParse, type CompatAnswer } from './parse.js';
import { DEFAULT_COMPAT_SETTINGS, type CompatSettings } from './settings.js';

/** Mode `compat`: what Math-Verify 0.8 says of two texts. Where it reads nothing, its own verdict is "not equal". */
export function verifyAsMathVerify(
  gold: string,
  prediction: string,
  { compat, compatGold }: Pick<VerifyOptions, 'compat' | 'compatGold'>,
  budget: Budget,
): Verification {
  const all: CompatSettings = { ...DEFAULT_COMPAT_SETTINGS, ...compat };
  const expected = compatParse(gold, { ...all, ...compatGold }, budget);
  const expectedSide = sideOf(expected);
  if (expectedSide === undefined)
    return { verdict: 'gold-unreadable', reason: 'Math-Verify finds nothing in it' };
  const found = compatParse(prediction, all, budget);
  const foundSide = sideOf(found);
  if (foundSide === undefined)
    return {
      verdict: 'prediction-unreadable',
      reason: 'Math-Verify finds nothing in it',
      gold: expectedSide,
    };
  const { equal, rule, detail } = compatVerify(expected, found, all, budget);
  return { verdict: equal ? 'equal' : 'different', rule, detail, gold: expectedSide, prediction: foundSide };
}

/** The value that was read, or the string that Math-Verify falls back on. */
function sideOf({ value, valueSpan, string, stringSpan }: CompatAnswer): ReadAnswer | undefined {
  const span = valueSpan ?? stringSpan ?? { start: 0, end: 0 };
  if (value !== undefined) return { text: string ?? '', span, source: 'match', readings: [value] };
  if (string === undefined) return undefined;
  return { text: string, span, source: 'match', readings: [{ kind: 'text', text: string }] };
}
