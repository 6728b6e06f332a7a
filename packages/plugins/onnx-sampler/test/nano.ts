import { fileURLToPath } from 'node:url';
import type { Adapter, SampleRequest, SampleResult, SamplingParameters } from '@doppio/core';
import { LoraAdapterFactory } from '@doppio/lora-adapter';
import { linearSites, loadModelWeights, loadTokenizer } from '@doppio/models';
import { createRuntimeHost, type RuntimeHost } from '@doppio/runtime';
import { defaultSamplerOptions, OnnxSampler, type OnnxSamplerOptions } from '../src/onnx-sampler.js';
import { SamplerSessions } from '../src/sessions.js';

/** The bundled model: small, and its completions end by themselves. */
export const folder = fileURLToPath(new URL('../../nano-preset/model', import.meta.url));
export const weights = await loadModelWeights(folder);
export const tokenizer = await loadTokenizer(folder);

const questions = ['12+34=?', '298+7527=?', '7*86=?', '(82+56)*8=?', '91-42=?'];
export const prompts = questions.map((content) => tokenizer.applyChatTemplate([{ role: 'user', content }]));

export interface Started extends AsyncDisposable {
  readonly host: RuntimeHost;
  /** Samplers on the same sessions, which are made once. */
  readonly sampler: (options?: Partial<OnnxSamplerOptions>) => OnnxSampler;
}

export async function start(): Promise<Started> {
  const host = await createRuntimeHost({ name: 'sampler test', threads: 1 });
  const sessions = new SamplerSessions(host, weights.config, weights);
  return {
    host,
    sampler: (options = {}) =>
      new OnnxSampler([sessions], tokenizer, { ...defaultSamplerOptions, ...options }),
    [Symbol.asyncDispose]: () => host[Symbol.asyncDispose](),
  };
}

/** Every prompt `samples` times, or those of `which`; the place in `prompts` keys the random numbers. */
export function request(
  parameters: Partial<SamplingParameters> = {},
  { samples = 3, which = [0, 1, 2, 3, 4] }: { samples?: number; which?: readonly number[] } = {},
): SampleRequest {
  return {
    prompts: which.map((index) => ({ ids: prompts[index] as Int32Array, samples, index })),
    parameters: { maxTokens: 48, ...parameters },
    key: { seed: 5, purpose: 'test', step: 2 },
  };
}

export function idsOf({ completions }: SampleResult): number[][][] {
  return completions.map((group) => group.map(({ ids }) => [...ids]));
}

/** An adapter that changes what is sampled: the B of a new one is zero. */
export function loudAdapter(): Adapter {
  const adapter = new LoraAdapterFactory({ rank: 4, alpha: 8 }).create(
    { sites: linearSites(weights.config), weights: weights.tensors },
    1,
  );
  adapter.parameters.forEach(({ data }, p) => {
    for (let i = 0; i < data.length; i += 1) data[i] = (data[i] as number) + 0.05 * Math.sin(i + p);
  });
  return adapter;
}
