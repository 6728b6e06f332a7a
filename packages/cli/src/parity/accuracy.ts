import { ACCURACY, verify, type CompatSettings } from '@doppio/math-verify-reward';

/**
 * How the Tina project's reward `accuracy` calls Math-Verify: the completion's answer has to be LaTeX in a box or after
 * words that announce it; the gold is read with the defaults. The first match decides on both sides.
 */
const COMPLETION: Partial<CompatSettings> = {
  matchTypes: ['latex'],
  boxedMatchPriority: 0,
  tryExtractWithoutAnchor: false,
  extractionMode: 'first_match',
  nits: false,
  malformedOperators: false,
};
const GOLD: Partial<CompatSettings> = {
  matchTypes: ['latex', 'expr'],
  boxedMatchPriority: 50,
  tryExtractWithoutAnchor: true,
  nits: true,
  malformedOperators: true,
};

/** The published project's value for one completion. */
export function publishedAccuracy(gold: string, completion: string): number | null {
  const { verdict } = verify(gold, completion, { mode: 'compat', compat: COMPLETION, compatGold: GOLD });
  return ACCURACY[verdict];
}
