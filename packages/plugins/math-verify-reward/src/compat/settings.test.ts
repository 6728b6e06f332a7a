import { describe, expect, it } from 'vitest';
import { DEFAULT_COMPAT_SETTINGS, readCompatSettings } from './settings.js';

describe('readCompatSettings', () => {
  it('reads the names of Math-Verify', () => {
    const config = {
      match_types: ['string', 'expr'],
      boxed_match_priority: -1,
      float_rounding: 4,
      numeric_precision: 10,
      strict: false,
      allow_set_relation_comp: true,
      fallback_mode: 'no_fallback',
      extraction_mode: 'first_match',
      try_extract_without_anchor: false,
      nits: false,
      malformed_operators: false,
    };
    expect(readCompatSettings(config)).toEqual({
      matchTypes: ['string', 'expr'],
      boxedMatchPriority: -1,
      floatRounding: 4,
      numericPrecision: 10,
      strict: false,
      allowSetRelationComparison: true,
      fallbackMode: 'no_fallback',
      extractionMode: 'first_match',
      tryExtractWithoutAnchor: false,
      nits: false,
      malformedOperators: false,
    });
  });

  it.each([undefined, null, {}])('takes the defaults for %j', (config) => {
    expect(readCompatSettings(config)).toEqual(DEFAULT_COMPAT_SETTINGS);
  });

  it.each([
    ['latex', 'not an object'],
    [['latex'], 'not an object'],
    [{ matchTypes: ['latex'] }, 'unknown setting "matchTypes"'],
    [{ toString: 1 }, 'unknown setting "toString"'],
    [{ match_types: [] }, 'match_types'],
    [{ match_types: ['latex', 'html'] }, 'match_types'],
    [{ float_rounding: -1 }, 'float_rounding'],
    [{ float_rounding: '6' }, 'float_rounding'],
    [{ strict: 1 }, 'strict'],
    [{ fallback_mode: 'last_match' }, 'fallback_mode'],
  ])('says what is wrong with %j', (config, problem) => {
    const read = readCompatSettings(config);
    expect('problem' in read && read.problem).toContain(problem);
  });
});
