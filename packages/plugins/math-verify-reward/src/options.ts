import type { BudgetLimits } from './budget.js';
import type { CompatSettings } from './compat/settings.js';
import type { CompareOptions } from './compare/compare-answers.js';

export const MODES = ['correct', 'compat'] as const;
/** `correct`: what a mathematician would say. `compat`: what Math-Verify 0.8 says, its quirks included. */
export type Mode = (typeof MODES)[number];

export interface VerifyOptions extends CompareOptions {
  /** Default `correct`. */
  readonly mode?: Mode;
  /** What one verdict may cost; see {@link BudgetLimits}. */
  readonly budget?: BudgetLimits;
  /** Settings of Math-Verify, for mode `compat` only; its own defaults where left out. */
  readonly compat?: Partial<CompatSettings>;
  /** Settings of Math-Verify that hold for the gold only, in mode `compat`; default: those of `compat`. */
  readonly compatGold?: Partial<CompatSettings>;
}
