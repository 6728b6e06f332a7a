/** What Math-Verify may look for in a text: `LatexExtractionConfig`, `ExprExtractionConfig`, `StringExtractionConfig`. */
export type CompatMatchType = 'latex' | 'expr' | 'string';

/** The options of Math-Verify 0.8's `parse` and `verify`, of both sides alike. */
export interface CompatSettings {
  /** What is looked for, in this order where two places end and start alike. Default LaTeX and plain expressions. */
  readonly matchTypes: readonly CompatMatchType[];
  /** Place of `\boxed` among the kinds of places: 0 before all others, negative for not at all. Default 50. */
  readonly boxedMatchPriority: number;
  /** Decimal places (not digits) to which floats are rounded before they are compared. Default 6. */
  readonly floatRounding: number;
  /** Decimal digits to which differences are evaluated. Default 15. */
  readonly numericPrecision: number;
  /** Whether variables must have the same names. Default true. */
  readonly strict: boolean;
  /** Whether a gold set may be compared with a predicted relation, not only the other way round. Default false. */
  readonly allowSetRelationComparison: boolean;
  /** Whether the first string that was met is an answer too. Default `first_match`. */
  readonly fallbackMode: 'first_match' | 'no_fallback';
  /** Whether a place that cannot be read is passed over for the next. Default `any_match`. */
  readonly extractionMode: 'any_match' | 'first_match';
  /** Whether places that no words announce count. Default true. */
  readonly tryExtractWithoutAnchor: boolean;
  /** Whether `.5` gets its zero in LaTeX. Default true. */
  readonly nits: boolean;
  /** Whether operands without braces get them, as in `\frac12`. Default true. */
  readonly malformedOperators: boolean;
}

export const DEFAULT_COMPAT_SETTINGS: CompatSettings = {
  matchTypes: ['latex', 'expr'],
  boxedMatchPriority: 50,
  floatRounding: 6,
  numericPrecision: 15,
  strict: true,
  allowSetRelationComparison: false,
  fallbackMode: 'first_match',
  extractionMode: 'any_match',
  tryExtractWithoutAnchor: true,
  nits: true,
  malformedOperators: true,
};

/** A key of a configuration file: the setting it gives and what its value has to be. */
interface SettingReader {
  readonly setting: keyof CompatSettings;
  readonly accepts: (value: unknown) => boolean;
  readonly wanted: string;
}

const MATCH_TYPES: readonly unknown[] = ['latex', 'expr', 'string'] satisfies readonly CompatMatchType[];

const isMatchTypes = (value: unknown): boolean =>
  Array.isArray(value) && value.length > 0 && value.every((type) => MATCH_TYPES.includes(type));
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const isBoolean = (value: unknown): boolean => typeof value === 'boolean';
const oneOf =
  (...words: readonly string[]) =>
  (value: unknown): boolean =>
    (words as readonly unknown[]).includes(value);

const READERS: Readonly<Record<string, SettingReader>> = {
  match_types: {
    setting: 'matchTypes',
    accepts: isMatchTypes,
    wanted: 'a list of one or more of latex, expr and string',
  },
  boxed_match_priority: {
    setting: 'boxedMatchPriority',
    accepts: Number.isSafeInteger,
    wanted: 'an integer',
  },
  float_rounding: { setting: 'floatRounding', accepts: isCount, wanted: 'an integer, not negative' },
  numeric_precision: { setting: 'numericPrecision', accepts: isCount, wanted: 'an integer, not negative' },
  strict: { setting: 'strict', accepts: isBoolean, wanted: 'true or false' },
  allow_set_relation_comp: {
    setting: 'allowSetRelationComparison',
    accepts: isBoolean,
    wanted: 'true or false',
  },
  fallback_mode: {
    setting: 'fallbackMode',
    accepts: oneOf('first_match', 'no_fallback'),
    wanted: 'first_match or no_fallback',
  },
  extraction_mode: {
    setting: 'extractionMode',
    accepts: oneOf('any_match', 'first_match'),
    wanted: 'any_match or first_match',
  },
  nits: { setting: 'nits', accepts: isBoolean, wanted: 'true or false' },
  malformed_operators: { setting: 'malformedOperators', accepts: isBoolean, wanted: 'true or false' },
  try_extract_without_anchor: {
    setting: 'tryExtractWithoutAnchor',
    accepts: isBoolean,
    wanted: 'true or false',
  },
};

/** Reads settings written with Math-Verify's own names (`match_types`, `float_rounding`, ...); what is left out is default. */
export function readCompatSettings(config: unknown): CompatSettings | { readonly problem: string } {
  if (config === undefined || config === null) return DEFAULT_COMPAT_SETTINGS;
  if (typeof config !== 'object' || Array.isArray(config)) return { problem: 'the config is not an object' };
  const settings: Record<string, unknown> = { ...DEFAULT_COMPAT_SETTINGS };
  for (const [key, value] of Object.entries(config)) {
    const reader = Object.hasOwn(READERS, key) ? READERS[key] : undefined;
    if (!reader)
      return { problem: `unknown setting ${JSON.stringify(key)}: know ${Object.keys(READERS).join(', ')}` };
    if (!reader.accepts(value)) return { problem: `${key} is not ${reader.wanted}` };
    settings[reader.setting] = value;
  }
  return settings as unknown as CompatSettings;
}
