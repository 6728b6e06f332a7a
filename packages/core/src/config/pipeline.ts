import { resolve } from 'node:path';
import type { Dataset, Reward } from '../contracts/index.js';
import type { ChosenPart, ChosenReward, PartChoice, RewardChoice } from './part-choice.js';
import { defaultTree, layerTree, resolveLayers } from './resolve-layers.js';
import type { DoppioConfig, ResolvedConfig } from './schema.js';
import { merge } from './tree.js';

/**
 * A run written in code. `Row` is what the dataset gives; a reward that reads a column which `Row` lacks does not
 * compile. A dataset named by id says nothing about its rows: then name them, `definePipeline<MyRow>({ ... })`.
 */
export interface PipelineDefinition<Row extends object> extends Omit<
  DoppioConfig,
  'model' | 'dataset' | 'rewards'
> {
  /** Folder of the base model, relative to the working directory. */
  readonly model: string;
  readonly dataset: PartChoice<Dataset<Row>>;
  /** Their row type follows from the dataset's alone. */
  readonly rewards: readonly RewardChoice<Reward<NoInfer<Row>>>[];
}

/** A complete configuration that knows the type of its rows. */
export interface Pipeline<Row extends object> extends Omit<ResolvedConfig, 'dataset' | 'rewards'> {
  readonly dataset: ChosenPart<Dataset<Row>>;
  readonly rewards: readonly ChosenReward<Reward<Row>>[];
}

/**
 * Checks a pipeline written in code and fills in its defaults.
 * @throws DoppioError CONFIG_UNKNOWN_KEY, CONFIG_INVALID, as for a configuration file
 */
export function definePipeline<Row extends object = Record<string, unknown>>(
  definition: PipelineDefinition<Row>,
): Pipeline<Row> {
  const label = 'definePipeline';
  const base = resolve();
  const tree = merge(defaultTree(), layerTree(definition, { label, keyed: false, base }));
  // The schema knows rows only as records; it checks everything else, and passes objects on as they are.
  return resolveLayers(tree, { base, sources: [label] }).config as unknown as Pipeline<Row>;
}
