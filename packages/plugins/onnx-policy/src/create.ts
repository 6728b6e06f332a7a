import type { Adapter, AdapterFactory, Policy } from '@doppio/core';
import { linearSites, loadModelWeights, loadTokenizer, weightBytes, type ModelWeights } from '@doppio/models';
import { createReplicas, type NonEmpty, type ReplicaOptions } from '@doppio/runtime';
import { Engine } from './engine.js';
import { defaultPolicyOptions, OnnxPolicy, type OnnxPolicyOptions } from './onnx-policy.js';

export interface CreateOnnxPolicy extends Partial<OnnxPolicyOptions> {
  /** Folder in Hugging Face form. */
  readonly model: string;
  readonly seed: number;
  /** Makes a fresh adapter, or one that exists already. */
  readonly adapter: AdapterFactory | Adapter;
  /** CPU threads of all replicas together; default: all cores. */
  readonly threads?: number | undefined;
  /** Copies of the engine, each with its share of the threads. Default: one a thread while copies are small. */
  readonly replicas?: number | undefined;
}

/** Loads a model, makes its adapter and starts the engine. */
export async function createOnnxPolicy({
  model,
  seed,
  adapter,
  threads,
  replicas,
  ...options
}: CreateOnnxPolicy): Promise<Policy> {
  const weights = await loadModelWeights(model);
  const tokenizer = await loadTokenizer(model);
  const made =
    'create' in adapter
      ? adapter.create({ model, sites: linearSites(weights.config), weights: weights.tensors }, seed)
      : adapter;
  const engines = await createEngines(weights, made, { threads, replicas });
  return new OnnxPolicy(engines, tokenizer, { ...defaultPolicyOptions, ...options });
}

/** Engines of one model and adapter, each in a worker of its own. */
export function createEngines(
  weights: ModelWeights,
  adapter: Adapter,
  options: Pick<ReplicaOptions, 'threads' | 'replicas'> = {},
): Promise<NonEmpty<Engine>> {
  return createReplicas({ ...options, name: 'policy', weightBytes: weightBytes(weights) }, (host) =>
    Engine.create(host, weights.config, weights, adapter),
  );
}
