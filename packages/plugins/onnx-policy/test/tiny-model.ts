import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Adapter, AdapterTarget, TokenGroup, Tokenizer } from '@doppio/core';
import { linearSites, loadModelWeights, type ModelWeights } from '@doppio/models';
import { createRuntimeHost } from '@doppio/runtime';
import { createEngines } from '../src/create.js';
import { Engine } from '../src/engine.js';
import { OnnxPolicy, type OnnxPolicyOptions } from '../src/onnx-policy.js';

/** Tiny checkpoints with what Transformers and PEFT compute on them. */
export const models = fileURLToPath(new URL('../../../../golden/numeric/models', import.meta.url));

/** Of cases.json; its `about` says what they are. */
export interface Cases {
  readonly sequences: readonly (readonly number[])[];
  readonly weights: readonly (readonly number[])[];
}

export function readCases(folder: string): Cases {
  return JSON.parse(readFileSync(join(models, folder, 'cases.json'), 'utf8')) as Cases;
}

export const loadTiny = (name: string): Promise<ModelWeights> => loadModelWeights(join(models, name));

export function targetOf({ config, tensors }: ModelWeights): AdapterTarget {
  return { sites: linearSites(config), weights: tensors };
}

/** The fixtures have none, and a policy needs none for tokens. */
const tokenizer: Tokenizer = {
  vocabularySize: 320,
  stopIds: [2],
  encode: (text) => Int32Array.from(text, (char) => char.charCodeAt(0)),
  decode: (ids) => String.fromCharCode(...Array.from(ids)),
  applyChatTemplate: () => new Int32Array(0),
};

/** Everything at once unless options say otherwise. */
export async function makePolicy(
  weights: ModelWeights,
  adapter: Adapter,
  options: Partial<OnnxPolicyOptions> = {},
): Promise<OnnxPolicy> {
  return new OnnxPolicy([await makeEngine(weights, adapter)], tokenizer, { ...atOnce, ...options });
}

export const atOnce: OnnxPolicyOptions = {
  microBatchTokens: 4096,
  headChunkRows: 4096,
  keepActivationsMegabytes: 1000,
};

export async function makeEngine(weights: ModelWeights, adapter: Adapter): Promise<Engine> {
  const host = await createRuntimeHost({ name: 'policy test', threads: 1 });
  return Engine.create(host, weights.config, weights, adapter);
}

/** A policy of several engines. */
export async function replicated(
  weights: ModelWeights,
  adapter: Adapter,
  replicas: number,
  options: Partial<OnnxPolicyOptions>,
): Promise<OnnxPolicy> {
  const engines = await createEngines(weights, adapter, { replicas, threads: replicas });
  return new OnnxPolicy(engines, tokenizer, { ...atOnce, ...options });
}

/** Another policy on the same sessions. */
export function withOptions(engine: Engine, options: Partial<OnnxPolicyOptions>): OnnxPolicy {
  return new OnnxPolicy([engine], tokenizer, { ...atOnce, ...options });
}

export function zeros(adapter: Adapter): Float32Array[] {
  return adapter.parameters.map(({ data }) => new Float32Array(data.length));
}

/** Largest difference over the largest expected value. */
export function relativeError(found: Float32Array, expected: Float32Array): number {
  let [difference, largest] = [0, 0];
  expected.forEach((value, i) => {
    difference = Math.max(difference, Math.abs(value - (found[i] ?? NaN)));
    largest = Math.max(largest, Math.abs(value));
  });
  return found.length === expected.length ? difference / largest : NaN;
}

/** Largest of {@link relativeError} over parameters; those that are zero throughout must be so in both. */
export function gradientError(found: readonly Float32Array[], expected: readonly Float32Array[]): number {
  return expected.reduce((worst, values, i) => {
    const error = values.every((value) => value === 0)
      ? Number((found[i] as Float32Array).some((value) => value !== 0))
      : relativeError(found[i] as Float32Array, values);
    return error <= worst ? worst : error;
  }, 0);
}

/** Groups of made-up tokens: a prompt's length, then its completions'. */
export function makeGroups(
  ...lengths: (readonly [prompt: number, ...completions: number[]])[]
): TokenGroup[] {
  let state = 7;
  const token = (): number => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return 3 + (state % 310);
  };
  const tokens = (length: number): Int32Array => Int32Array.from({ length }, token);
  return lengths.map(([prompt, ...completions]) => ({
    promptIds: tokens(prompt),
    completions: completions.map(tokens),
  }));
}

/** One value per completion token, some negative. */
export function derivatives(groups: readonly TokenGroup[], phase = 0): Float32Array {
  const length = groups.flatMap(({ completions }) => completions).reduce((sum, ids) => sum + ids.length, 0);
  return Float32Array.from({ length }, (_, i) => Math.sin(1.3 * i + 0.5 + phase));
}
