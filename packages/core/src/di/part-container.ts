import { Container } from 'inversify';
import { slots } from '../config/slots.js';
import type { Token } from '../contracts/token.js';
import { DoppioError } from '../errors/doppio-error.js';
import { errorText } from '../errors/show-value.js';
import type { PartContext } from '../plugins/define-plugin.js';
import { dispose } from './dispose.js';
import type { RunFacts } from './service.js';
import { WaitGraph } from './wait-graph.js';

/** One binding: a part, or a service. */
export interface Binding {
  readonly token: Token<unknown>;
  /** `Reward "length" (rewards[1])`, for errors. */
  readonly label: string;
  /** Given by the caller, who also disposes it. */
  readonly given: boolean;
  readonly create: (context: PartContext) => unknown;
}

/**
 * The composition root: every binding is created once, when it is first asked for, and released in reverse order.
 * The container itself is never handed out.
 */
export class PartContainer {
  readonly #container = new Container();
  readonly #bindings = new Map<symbol, Binding[]>();
  readonly #waits = new WaitGraph<Binding>();
  readonly #pending = new Set<Promise<unknown>>();
  readonly #created: { readonly binding: Binding; readonly value: unknown }[] = [];
  #disposal: Promise<void> | undefined;

  constructor(
    bindings: readonly Binding[],
    readonly facts: RunFacts,
  ) {
    for (const binding of bindings) {
      const { symbol } = binding.token;
      this.#bindings.set(symbol, [...(this.#bindings.get(symbol) ?? []), binding]);
      this.#container
        .bind(symbol)
        .toDynamicValue(() => this.#create(binding))
        .inSingletonScope();
    }
  }

  has(token: Token<unknown>): boolean {
    return this.#bindings.has(token.symbol);
  }

  /** The one implementation of a contract. @throws DoppioError PART_MISSING, PART_AMBIGUOUS, PART_CYCLE, PART_FAILED */
  async get<T>(token: Token<T>, requester?: Binding): Promise<T> {
    this.#checkOpen(token);
    const [binding, ...others] = this.#bindings.get(token.symbol) ?? [];
    if (binding === undefined) throw missing(token, requester);
    if (others.length > 0) throw ambiguous(token, requester, [binding, ...others]);
    const resolve = () => this.#container.getAsync<T>(token.symbol);
    if (requester === undefined) return resolve();
    const circle = this.#waits.circle(requester, binding);
    if (circle !== undefined) throw cycle(circle);
    return this.#waits.during(requester, binding, resolve);
  }

  /** Every implementation of a contract, in the configuration's order. */
  async getAll<T>(token: Token<T>): Promise<readonly T[]> {
    this.#checkOpen(token);
    return this.#container.getAllAsync<T>(token.symbol);
  }

  /**
   * Releases everything that was created, last one first; what is still being created is waited for.
   * @throws DoppioError DISPOSE_FAILED naming each part that failed, after all were released
   */
  dispose(): Promise<void> {
    return (this.#disposal ??= this.#disposeAll());
  }

  async #create(binding: Binding): Promise<unknown> {
    const context: PartContext = {
      ...this.facts,
      get: (token) => this.get(token, binding),
    };
    const work = Promise.resolve().then(() => binding.create(context));
    this.#pending.add(work);
    try {
      const value = await work;
      this.#created.push({ binding, value });
      return value;
    } catch (error) {
      if (DoppioError.is(error)) throw error;
      throw new DoppioError('PART_FAILED', {
        what: `${binding.label} could not be created.`,
        seen: errorText(error),
        fix: 'Correct its options, or tell the author of the plugin.',
        cause: error,
      });
    } finally {
      this.#pending.delete(work);
    }
  }

  async #disposeAll(): Promise<void> {
    while (this.#pending.size > 0) await Promise.allSettled(this.#pending);
    const failures: { readonly label: string; readonly error: unknown }[] = [];
    const released = new Set<unknown>();
    for (const { binding, value } of this.#created.splice(0).reverse()) {
      if (binding.given || released.has(value)) continue;
      released.add(value);
      try {
        await dispose(value);
      } catch (error) {
        failures.push({ label: binding.label, error });
      }
    }
    if (failures.length === 0) return;
    throw new DoppioError('DISPOSE_FAILED', {
      what: `${failures.length} of the run's parts could not be released; all others were.`,
      where: failures.map(({ label }) => label).join(', '),
      seen: failures.map(({ error }) => errorText(error)).join('; '),
      cause: new AggregateError(failures.map(({ error }) => error)),
    });
  }

  #checkOpen(token: Token<unknown>): void {
    if (this.#disposal === undefined) return;
    throw new DoppioError('COMPOSITION_DISPOSED', {
      what: `A ${token.description} was asked for after the run's parts were released.`,
      fix: 'Ask for it before, and keep it no longer than the run.',
    });
  }
}

function missing(token: Token<unknown>, requester: Binding | undefined): DoppioError {
  const key = Object.entries(slots).find(([, slot]) => slot.token.symbol === token.symbol)?.[0];
  const who = requester?.label ?? 'The run';
  return new DoppioError('PART_MISSING', {
    what: `${who} needs a ${token.description}, and there is none.`,
    where: key ?? token.description,
    fix:
      key === undefined
        ? `Provide a ${token.description} where the run is composed.`
        : `Name one in the configuration, under \`${key}\`.`,
  });
}

function ambiguous(
  token: Token<unknown>,
  requester: Binding | undefined,
  found: readonly Binding[],
): DoppioError {
  return new DoppioError('PART_AMBIGUOUS', {
    what: `${requester?.label ?? 'The run'} needs one ${token.description}, and there are ${found.length}.`,
    seen: found.map(({ label }) => label).join(', '),
    fix: 'Leave one of them, or do not ask for it.',
  });
}

function cycle(circle: readonly Binding[]): DoppioError {
  return new DoppioError('PART_CYCLE', {
    what: 'Parts need each other in a circle.',
    seen: circle.map(({ label }) => label).join(' -> '),
    fix: 'Choose another part for one of them.',
  });
}
