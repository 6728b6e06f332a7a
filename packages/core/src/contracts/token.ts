/** A name under which a contract's implementations are bound. Carries the contract's type. */
export interface Token<T> {
  /** Shown in error messages, e.g. `Reward`. */
  readonly description: string;
  /** Registered globally, so that two copies of this package agree on it. */
  readonly symbol: symbol;
  /** Phantom: carries `T` for the compiler and never exists at run time. */
  readonly contract?: T;
}

export function createToken<T>(description: string): Token<T> {
  return { description, symbol: Symbol.for(`@doppio/core/${description}`) };
}
