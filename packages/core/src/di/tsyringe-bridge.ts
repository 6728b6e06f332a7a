import 'reflect-metadata';
import {
  container as globalContainer,
  Lifecycle,
  type DependencyContainer,
  type InjectionToken,
} from 'tsyringe';
import type { Token } from '../contracts/token.js';
import { DoppioError } from '../errors/doppio-error.js';
import { errorText } from '../errors/show-value.js';
import type { PartContext } from '../plugins/define-plugin.js';
import { dispose, disposeWith } from './dispose.js';
import { RunFacts } from './service.js';

/** What a hosted class gets beside what tsyringe already knows. */
export interface TsyringeHosting {
  /**
   * Parts and services that the class, or what it injects, asks for with `@inject(token.symbol)`. They are created
   * before the class, since tsyringe cannot wait. {@link RunFacts} need not be listed.
   */
  readonly services?: readonly Token<unknown>[];
  /** Token under which the class injects its options, already checked by the part's schema. */
  readonly options?: string | symbol;
  /** Classes that the class injects and that are to be made once for each part, not once for the process. */
  readonly classes?: readonly Newable<object>[];
  /** Anything else; registers in this part's own container. */
  readonly register?: (container: DependencyContainer) => void;
}

/** Constructor of a class whose parameters tsyringe injects. */
// The parameters are the injected values; nothing here may say what they are.
export type Newable<T> = new (...injected: never[]) => T;

/**
 * `create` of a part that is a class decorated for tsyringe, as it is:
 *
 * ```ts
 * contribute(Reward, { id, description, options: z.strictObject({ ... }),
 *   create: fromTsyringe(MyReward, { services: [Sampler], options: 'options' }) });
 * ```
 *
 * Every part has a container of its own, a child of tsyringe's global one, which is read but never written. It is
 * disposed together with the part: whatever it made that has `dispose()` is released.
 * @throws DoppioError PART_MISSING where the class injects what nobody registered, PLUGIN_INVALID where its
 * parameters are not decorated
 */
export function fromTsyringe<T extends object>(
  target: Newable<T>,
  { services = [], options: optionsToken, classes = [], register }: TsyringeHosting = {},
): (options: unknown, context: PartContext) => Promise<T> {
  return async (options, context) => {
    const values = new Map<symbol, unknown>();
    for (const token of services) values.set(token.symbol, await context.get(token));
    const { seed, model, signal } = context;
    values.set(RunFacts.symbol, { seed, model, signal } satisfies RunFacts);

    const container = globalContainer.createChildContainer();
    for (const [symbol, value] of values) container.register(symbol, { useFactory: () => value });
    if (optionsToken !== undefined) container.register(optionsToken, { useFactory: () => options });
    // Registered here, a class is made by this container even where it is decorated as a global singleton.
    for (const hosted of [...classes, target]) {
      const token = hosted as InjectionToken<object>;
      container.register(
        token,
        { useClass: hosted as new () => object },
        { lifecycle: Lifecycle.ContainerScoped },
      );
    }
    try {
      register?.(container);
      const part = container.resolve<T>(target as InjectionToken<T>);
      disposeWith(part, () => release(part, container));
      return part;
    } catch (error) {
      await container.dispose();
      throw explained(error, target.name);
    }
  };
}

async function release(part: object, container: DependencyContainer): Promise<void> {
  try {
    // The container calls `dispose()` where there is one; calling it here too would be once too often.
    if (!('dispose' in part)) await dispose(part);
  } finally {
    await container.dispose();
  }
}

function explained(error: unknown, name: string): unknown {
  const text = errorText(error);
  if (text.includes('unregistered dependency token')) {
    return new DoppioError('PART_MISSING', {
      what: `Class ${name} injects something that is not registered.`,
      where: name,
      seen: text,
      fix: 'List the token under `services` of fromTsyringe, or register it there.',
      cause: error,
    });
  }
  if (text.includes('TypeInfo not known')) {
    return new DoppioError('PLUGIN_INVALID', {
      what: `Class ${name}, or a class that it injects, is not decorated for tsyringe.`,
      where: name,
      seen: text,
      fix: 'Decorate it with @injectable() and every constructor parameter with @inject(token).',
      cause: error,
    });
  }
  return error;
}
