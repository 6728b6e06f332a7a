import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uniformAt, type SamplingParameters, type Completion } from '@doppio/core';
import { FullAdapterFactory } from '@doppio/lora-adapter';
import { filterLogits, linearSites, logSoftmax } from '@doppio/models';
import { createRuntimeHost } from '@doppio/runtime';
import { hiddenStates } from '../../../cli/src/parity/hidden-states.js';
import { Engine } from '../../onnx-policy/src/engine.js';
import { prompts, request, start, weights, type Started } from '../test/nano.js';

/** f32 in two different graphs; the issue's own limit between sampler and policy. */
const LIMIT = 1e-4;

let started: Started;
let engine: Engine;
beforeAll(async () => {
  started = await start();
  const adapter = new FullAdapterFactory().create({
    sites: linearSites(weights.config),
    weights: weights.tensors,
  });
  engine = Engine.create(
    await createRuntimeHost({ name: 'reference', threads: 1 }),
    weights.config,
    weights,
    adapter,
  );
});
afterAll(async () => {
  await started[Symbol.asyncDispose]();
  await engine[Symbol.asyncDispose]();
});

/** Logits of the next token behind every token of `ids`, [token][vocabulary], from the training graphs. */
async function logitsOf(ids: Int32Array): Promise<Float64Array[]> {
  const { hiddenSize, vocabularySize } = weights.config;
  const norm = weights.tensors.get('model.norm.weight')?.data as Float32Array;
  const embedding = weights.tensors.get('model.embed_tokens.weight')?.data as Float32Array;
  const last = (await hiddenStates(engine, [...ids], norm)).at(-1) as Float32Array;
  return Array.from(ids, (_, token) =>
    Float64Array.from({ length: vocabularySize }, (_, id) => {
      let sum = 0;
      for (let i = 0; i < hiddenSize; i += 1)
        sum += (last[token * hiddenSize + i] as number) * (embedding[id * hiddenSize + i] as number);
      return sum;
    }),
  );
}

/** The first token whose cumulative probability exceeds the uniform number, and how near the number is to a border. */
function inverseCdf(
  logProbs: Float64Array,
  uniform: number,
): { readonly token: number; readonly margin: number } {
  let cumulative = 0;
  let margin = 1;
  let token = -1;
  logProbs.forEach((value, id) => {
    cumulative += Math.exp(value);
    margin = Math.min(margin, Math.abs(cumulative - uniform));
    if (token < 0 && cumulative > uniform) token = id;
  });
  return { token, margin };
}

describe.each<[string, Partial<SamplingParameters>]>([
  ['the model itself', {}],
  ['a low temperature', { temperature: 0.5 }],
  ['a high temperature', { temperature: 2.5 }],
  ['top-k', { temperature: 2, topK: 3 }],
  ['top-k beyond the vocabulary', { temperature: 2, topK: 4000 }],
  ['top-p', { temperature: 2, topP: 0.8 }],
  ['top-p so small that one token is left', { temperature: 2, topP: 1e-6 }],
  ['min-p', { temperature: 3, minP: 0.1 }],
  ['a repetition penalty', { temperature: 1.5, repetitionPenalty: 1.4 }],
  ['a repetition bonus', { temperature: 1.5, repetitionPenalty: 0.7 }],
  ['all of them', { temperature: 2, topK: 8, topP: 0.9, minP: 0.02, repetitionPenalty: 1.2 }],
])('%s', (_, parameters) => {
  it('draws each token by its number from the distribution that Transformers defines', async () => {
    const asked = request({ ...parameters, maxTokens: 24 }, { samples: 2 });
    const { completions } = await started.sampler({ chunkTokens: 7, maxRows: 6 }).sample(asked);
    let drawn = 0;
    for (const [prompt, group] of completions.entries())
      for (const [sample, completion] of group.entries())
        drawn += await checkCompletion(prompts[prompt] as Int32Array, completion, parameters, {
          ...asked.key,
          prompt,
          sample,
        });
    // Numbers within rounding of a border between two tokens are left out, and must be rare.
    expect(drawn).toBeGreaterThan(0.9 * completions.flat().reduce((sum, { ids }) => sum + ids.length, 0));
  });
});

/** Gives how many tokens could be checked against their random number. */
async function checkCompletion(
  prompt: Int32Array,
  { ids, logProbs, samplingLogProbs }: Completion,
  settings: Partial<SamplingParameters>,
  key: Parameters<typeof uniformAt>[0],
): Promise<number> {
  const sequence = Int32Array.from([...prompt, ...ids]);
  const logits = await logitsOf(sequence);
  let drawn = 0;
  ids.forEach((id, t) => {
    const place = prompt.length + t;
    const row = logits[place - 1] as Float64Array;
    const filtered = logSoftmax(filterLogits(row, settings, sequence.subarray(0, place)));
    expect(Math.abs((logSoftmax(row)[id] as number) - (logProbs[t] as number))).toBeLessThan(LIMIT);
    expect(Math.abs((filtered[id] as number) - (samplingLogProbs[t] as number))).toBeLessThan(LIMIT);
    const { token, margin } = inverseCdf(filtered, uniformAt(key, t));
    if (margin < LIMIT) return;
    expect(id).toBe(token);
    drawn += 1;
  });
  return drawn;
}

it('temperature 0 takes the likeliest token, and is as sure of it as can be', async () => {
  const asked = request({ temperature: 0, maxTokens: 24 }, { samples: 2 });
  const { completions } = await started.sampler().sample(asked);
  for (const [prompt, group] of completions.entries()) {
    const [first, second] = group as [Completion, Completion];
    expect(second.ids).toEqual(first.ids);
    expect([...first.samplingLogProbs].every((value) => value === 0)).toBe(true);
    const ids = prompts[prompt] as Int32Array;
    const logits = await logitsOf(Int32Array.from([...ids, ...first.ids]));
    first.ids.forEach((id, t) => {
      const row = logits[ids.length + t - 1] as Float64Array;
      expect((row[id] as number) + LIMIT).toBeGreaterThan(Math.max(...row));
    });
  }
});
