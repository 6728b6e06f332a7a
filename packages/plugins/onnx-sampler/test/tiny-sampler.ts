import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type {
  AdapterTarget,
  SamplePrompt,
  SampleRequest,
  SampleResult,
  SamplingParameters,
  Tokenizer,
} from '@doppio/core';
import { linearSites, loadModelWeights, type ModelWeights } from '@doppio/models';
import { createRuntimeHost } from '@doppio/runtime';
import { defaultSamplerOptions, OnnxSampler, type OnnxSamplerOptions } from '../src/onnx-sampler.js';
import { SamplerSessions } from '../src/sessions.js';

/** Tiny checkpoints with what Transformers and PEFT compute on them. */
export const models = fileURLToPath(new URL('../../../../golden/numeric/models', import.meta.url));

/** The bundled model: its tokenizer writes text. */
export const nano = fileURLToPath(new URL('../../nano-preset/model', import.meta.url));

/** Of cases.json; its `about` says what they are. */
export interface Cases {
  readonly about: string;
  readonly sequences: readonly (readonly number[])[];
  readonly greedy: readonly { readonly prompt: readonly number[]; readonly completion: readonly number[] }[];
}

export function readCases(model: string): Cases {
  return JSON.parse(readFileSync(join(models, model, 'cases.json'), 'utf8')) as Cases;
}

export const loadTiny = (model: string): Promise<ModelWeights> => loadModelWeights(join(models, model));

export function targetOf({ config, tensors }: ModelWeights): AdapterTarget {
  return { sites: linearSites(config), weights: tensors };
}

/** Writes id 12 as `<12>`, so that text can be looked up in ids. */
export const bracketTokenizer: Tokenizer = {
  vocabularySize: 320,
  stopIds: [2],
  encode: (text) => Int32Array.from(text.matchAll(/<(\d+)>/g), ([, id]) => Number(id)),
  decode: (ids) =>
    Array.from(ids)
      .map((id) => `<${String(id)}>`)
      .join(''),
  applyChatTemplate: () => new Int32Array(0),
};

export interface TinySampler extends AsyncDisposable {
  readonly weights: ModelWeights;
  readonly sessions: SamplerSessions;
  readonly sampler: OnnxSampler;
  /** Another sampler on the same sessions. */
  readonly withOptions: (options: Partial<OnnxSamplerOptions>) => OnnxSampler;
}

export async function makeSampler(weights: ModelWeights, threads = 1): Promise<TinySampler> {
  const host = await createRuntimeHost({ name: 'sampler test', threads });
  const sessions = new SamplerSessions(host, weights.config, weights);
  const withOptions = (options: Partial<OnnxSamplerOptions>): OnnxSampler =>
    new OnnxSampler([sessions], bracketTokenizer, { ...defaultSamplerOptions, ...options });
  return {
    weights,
    sessions,
    sampler: withOptions({}),
    withOptions,
    [Symbol.asyncDispose]: () => host[Symbol.asyncDispose](),
  };
}

/** A prompt of made-up tokens; equal lengths and indices give equal prompts. */
export function makePrompt(length: number, index: number, samples = 1): SamplePrompt {
  const ids = Int32Array.from({ length }, (_, i) => 3 + ((i * i * 31 + i * 17 + index * 101 + 7) % 310));
  return { ids, samples, index };
}

export function request(
  prompts: readonly SamplePrompt[],
  parameters: SamplingParameters,
  rest: Partial<SampleRequest> = {},
): SampleRequest {
  return { prompts, parameters, key: { seed: 11, purpose: 'rollout', step: 4 }, ...rest };
}

/** Ids of all completions, [prompt][sample][token]. */
export function idsOf({ completions }: SampleResult): number[][][] {
  return completions.map((samples) => samples.map(({ ids }) => Array.from(ids)));
}

/** Largest |a - b|; NaN where the lengths differ or a value is not a number. */
export function difference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return NaN;
  return Array.from(a).reduce((worst, value, i) => {
    const error = Math.abs(value - (b[i] as number));
    return error <= worst ? worst : error;
  }, 0);
}
