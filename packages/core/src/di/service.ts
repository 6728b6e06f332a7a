import { createToken, type Token } from '../contracts/token.js';
import type { PartContext } from '../plugins/define-plugin.js';

/** Something that parts may ask for and that no configuration names. */
export interface Service<T = unknown> {
  readonly token: Token<T>;
  readonly create: (context: PartContext) => T | Promise<T>;
}

/** Names a service for {@link composeRun}. What `create` returns is disposed with the composition. */
export function provide<T>(token: Token<T>, create: Service<T>['create']): Service<T> {
  return { token, create };
}

/** Facts of the run, which every composition provides. */
export interface RunFacts {
  readonly seed: number;
  /** Folder of the base model, absolute. */
  readonly model: string;
  /** Aborted when the run is to stop at once. */
  readonly signal: AbortSignal;
}
export const RunFacts = createToken<RunFacts>('RunFacts');
