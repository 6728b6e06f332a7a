/** What one verdict may cost. All three count work, not time, so that a verdict is the same on every machine. */
export interface BudgetLimits {
  /** Elementary steps: a token read, a node visited, a term of a sum, a sample. Default 200,000. */
  readonly steps?: number;
  /** Bits of the largest integer that is written out. Default 20,000. */
  readonly bits?: number;
  /** Depth of nested groups, fractions, functions. Default 100. */
  readonly nesting?: number;
}

export const DEFAULT_BUDGET = { steps: 200_000, bits: 20_000, nesting: 100 } as const satisfies BudgetLimits;

/** Thrown where a budget ends; `verify` turns it into the verdict `undecided` and never lets it out. */
export class BudgetExhausted extends Error {
  override readonly name = 'BudgetExhausted';
  constructor(readonly limit: keyof BudgetLimits) {
    super(`the budget of ${limit} is used up`);
  }
}

/** Counts down what one verdict may still cost. */
export class Budget {
  readonly bits: number;
  readonly nesting: number;
  #steps: number;

  constructor(limits: BudgetLimits = {}) {
    this.#steps = limits.steps ?? DEFAULT_BUDGET.steps;
    this.bits = limits.bits ?? DEFAULT_BUDGET.bits;
    this.nesting = limits.nesting ?? DEFAULT_BUDGET.nesting;
  }

  /** @throws BudgetExhausted */
  spend(steps = 1): void {
    this.#steps -= steps;
    if (!(this.#steps >= 0)) throw new BudgetExhausted('steps');
  }

  /** To be asked before an integer of about `bits` bits is computed. @throws BudgetExhausted */
  allowBits(bits: number): void {
    if (!(bits <= this.bits)) throw new BudgetExhausted('bits');
  }

  /** @throws BudgetExhausted */
  allowNesting(depth: number): void {
    if (!(depth <= this.nesting)) throw new BudgetExhausted('nesting');
  }
}
