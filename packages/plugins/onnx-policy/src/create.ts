import type { Adapter, AdapterFactory, Policy } from '@doppio/core';
import { linearSites, loadModelWeights, loadTokenizer } from '@doppio/models';
import { createRuntimeHost } from '@doppio/runtime';
import { Engine } from './engine.js';
import { defaultPolicyOptions, OnnxPolicy, type OnnxPolicyOptions } from './onnx-policy.js';

export interface CreateOnnxPolicy extends Partial<OnnxPolicyOptions> {
  /** Folder in Hugging Face form. */
  readonly model: string;
  readonly seed: number;
  /** Makes a fresh adapter, or one that exists already. */
  readonly adapter: AdapterFactory | Adapter;
  /** CPU threads; default: all cores. */
  readonly threads?: number | undefined;
}

/** Loads a model, makes its adapter and starts the engine. */
export async function createOnnxPolicy({
  model,
  seed,
  adapter,
  threads,
  ...options
}: CreateOnnxPolicy): Promise<Policy> {
  const weights = await loadModelWeights(model);
  const tokenizer = await loadTokenizer(model);
  const made =
    'create' in adapter
      ? adapter.create({ sites: linearSites(weights.config), weights: weights.tensors }, seed)
      : adapter;
  const host = await createRuntimeHost({ name: 'policy', ...(threads === undefined ? {} : { threads }) });
  return new OnnxPolicy(Engine.create(host, weights.config, weights, made), tokenizer, {
    ...defaultPolicyOptions,
    ...options,
  });
}
