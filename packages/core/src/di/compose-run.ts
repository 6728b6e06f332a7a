import { resolve } from 'node:path';
import type { Pipeline } from '../config/pipeline.js';
import {
  Benchmark,
  CheckpointStore,
  Dataset,
  Optimizer,
  Policy,
  Reward,
  Sampler,
  type Token,
} from '../contracts/index.js';
import { DoppioError } from '../errors/doppio-error.js';
import type { TrainingParts, WeightedReward } from '../loop/parts.js';
import type { PluginHost } from '../plugins/plugin-host.js';
import { PartContainer, type Binding } from './part-container.js';
import { partRequests, type PartsConfig } from './part-requests.js';
import { provide, RunFacts, type Service } from './service.js';

/** The parts of one run. Each is created when it is first asked for; dispose it to release them all. */
export interface Composition<Row extends object = Record<string, unknown>> extends AsyncDisposable {
  /** The one implementation of a contract. @throws DoppioError PART_MISSING, PART_AMBIGUOUS, PART_CYCLE, PART_FAILED */
  readonly get: <T>(token: Token<T>) => Promise<T>;
  /** Every implementation of a contract, in the configuration's order; none is an empty list. */
  readonly getAll: <T>(token: Token<T>) => Promise<readonly T[]>;
  /** The rewards with their weights and deadlines, in the configuration's order. */
  readonly rewards: () => Promise<readonly WeightedReward<Row>[]>;
  /**
   * Everything that training needs; a CheckpointStore must be among the services.
   * @throws DoppioError PART_MISSING naming all that the configuration lacks
   */
  readonly trainingParts: () => Promise<TrainingParts<Row>>;
  /** Releases the parts in reverse order of creation. @throws DoppioError DISPOSE_FAILED after all were released */
  readonly dispose: () => Promise<void>;
}

export interface ComposeOptions {
  /** Aborted when the run is to stop at once; parts see it. */
  readonly signal?: AbortSignal | undefined;
  /** What parts may ask for beside each other. */
  readonly services?: readonly Service[] | undefined;
}

/**
 * Finds every part of a configuration, checks its options, and makes them ready to be created. Parts given as objects
 * are used as they are and stay their owner's to dispose.
 * @throws DoppioError PARTS_UNRESOLVED, OPTIONS_INVALID
 */
export async function composeRun<Row extends object = Record<string, unknown>>(
  host: PluginHost,
  config: PartsConfig | Pipeline<Row>,
  { signal = new AbortController().signal, services = [] }: ComposeOptions = {},
): Promise<Composition<Row>> {
  const prepared = await host.prepare(partRequests(config, host));
  const facts: RunFacts = { seed: config.seed, model: resolve(config.model), signal };
  // Parts first: the configuration's weights belong to rewards by their place.
  const bindings: Binding[] = [
    ...prepared,
    ...[provide(RunFacts, () => facts), ...services].map(({ token, create }) => ({
      token,
      create,
      label: `service ${token.description}`,
      given: false,
    })),
  ];
  const container = new PartContainer(bindings, facts);

  const rewards = async (): Promise<readonly WeightedReward<Row>[]> => {
    const made = (await container.getAll(Reward)) as unknown as readonly Reward<Row>[];
    return made.map((reward, i) => {
      const { weight = 1, deadlineSeconds = 60 } = config.rewards[i] ?? {};
      return { reward, weight, deadlineSeconds };
    });
  };
  return {
    get: (token) => container.get(token),
    getAll: (token) => container.getAll(token),
    rewards,
    trainingParts: async () => {
      const missing = missingForTraining(config, container);
      if (missing !== undefined) throw missing;
      return {
        checkpoints: await container.get(CheckpointStore),
        dataset: (await container.get(Dataset)) as unknown as Dataset<Row>,
        rewards: await rewards(),
        benchmarks: await container.getAll(Benchmark),
        optimizer: await container.get(Optimizer),
        policy: await container.get(Policy),
        sampler: await container.get(Sampler),
      };
    },
    dispose: () => container.dispose(),
    [Symbol.asyncDispose]: () => container.dispose(),
  };
}

/** All that is missing at once: policy, adapter, sampler and optimizer have defaults, these have none. */
function missingForTraining(config: PartsConfig, container: PartContainer): DoppioError | undefined {
  const places = [
    ...(container.has(Dataset) ? [] : [{ token: Dataset, where: 'dataset' }]),
    ...(config.rewards.length > 0 ? [] : [{ token: Reward, where: 'rewards' }]),
  ];
  const isStored = container.has(CheckpointStore);
  if (places.length === 0 && isStored) return undefined;
  const names = [...places.map(({ token }) => token), ...(isStored ? [] : [CheckpointStore])];
  const keys = places.map(({ where }) => where);
  const fix = [
    ...(keys.length === 0 ? [] : [`Name one in the configuration, under ${keys.join(' and ')}`]),
    ...(isStored ? [] : ['Provide a CheckpointStore where the run is composed']),
  ];
  return new DoppioError('PART_MISSING', {
    what: `Training needs a ${names.map(({ description }) => description).join(' and a ')}, and there is none.`,
    where: [...keys, ...(isStored ? [] : [CheckpointStore.description])].join(', '),
    fix: `${fix.join('. ')}.`,
  });
}
