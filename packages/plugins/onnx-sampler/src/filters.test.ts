import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uniformAt, type SamplingParameters } from '@doppio/core';
import { readSafetensors } from '@doppio/models';
import { loadTiny, makeSampler, models, readCases, type TinySampler } from '../test/tiny-sampler.js';

type Filters = Omit<SamplingParameters, 'maxTokens'>;

/** Transformers' chain, written for being obvious: probabilities of all tokens, zero where removed. */
function distribution(logits: readonly number[], seen: ReadonlySet<number>, filters: Filters): number[] {
  const { temperature = 1, topK = 0, topP = 1, minP = 0, repetitionPenalty = 1 } = filters;
  let scores = logits
    .map((x, id) => (seen.has(id) ? (x > 0 ? x / repetitionPenalty : x * repetitionPenalty) : x))
    .map((x) => x / temperature);
  const keep = (kept: (score: number, id: number) => boolean): void => {
    scores = scores.map((score, id) => (kept(score, id) ? score : -Infinity));
  };
  if (topK > 0) {
    const kth = [...scores].sort((a, b) => b - a)[Math.min(topK, scores.length) - 1] as number;
    keep((score) => score >= kth);
  }
  if (topP < 1) {
    const p = softmax(scores);
    // What is likelier than a token has not yet reached p.
    keep((_, id) => p.filter((other) => other > (p[id] as number)).reduce((a, b) => a + b, 0) < topP);
  }
  if (minP > 0) {
    const p = softmax(scores);
    const floor = minP * Math.max(...p);
    keep((_, id) => (p[id] as number) >= floor);
  }
  return softmax(scores);
}

function softmax(scores: readonly number[]): number[] {
  const most = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - most));
  const total = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / total);
}

/** The token that a uniform number stands for; undefined if rounding could give its neighbour. */
function drawn(p: readonly number[], uniform: number): number | undefined {
  let sum = 0;
  const borders = p.map((x) => (sum += x));
  const near = borders.some((border, id) => (p[id] as number) > 0 && Math.abs(border - uniform) < 1e-4);
  return near ? undefined : borders.findIndex((border) => border > uniform);
}

const SAMPLES = 12;

describe("the next token behind Transformers' logits", () => {
  let tiny: TinySampler;
  let prompts: { readonly ids: Int32Array; readonly logits: readonly number[] }[];
  beforeAll(async () => {
    const weights = await loadTiny('tiny-qwen2');
    tiny = await makeSampler(weights);
    const { tensors } = await readSafetensors(join(models, 'tiny-qwen2/expected.safetensors'));
    const width = weights.config.vocabularySize;
    prompts = readCases('tiny-qwen2').sequences.flatMap((ids, i) => {
      const logits = tensors.get(`logits.${String(i)}`)?.data ?? new Float32Array(0);
      return ids.map((_, t) => ({
        ids: Int32Array.from(ids.slice(0, t + 1)),
        logits: Array.from(logits.subarray(t * width, (t + 1) * width)),
      }));
    });
  });
  afterAll(async () => {
    await tiny[Symbol.asyncDispose]();
  });

  it.each<Filters>([
    {},
    { temperature: 0.3 },
    { temperature: 3 },
    { topK: 1 },
    { topK: 5, temperature: 4 },
    { topK: 100_000 },
    { topP: 0.6 },
    { topP: 0.95, temperature: 2 },
    { topP: 1e-9 },
    { minP: 0.05, temperature: 2 },
    { minP: 0.9 },
    { repetitionPenalty: 1.8 },
    { repetitionPenalty: 0.6 },
    { repetitionPenalty: 1.3, temperature: 2, topK: 60, topP: 0.9, minP: 0.02 },
  ])('%o', async (filters) => {
    const key = { seed: 3, purpose: 'filters', step: 1 };
    const { completions } = await tiny.sampler.sample({
      prompts: prompts.map(({ ids }, index) => ({ ids, samples: SAMPLES, index })),
      parameters: { ...filters, maxTokens: 1, stopIds: [] },
      key,
    });
    let compared = 0;
    prompts.forEach(({ ids, logits }, prompt) => {
      const p = distribution(logits, new Set(ids), filters);
      const plain = softmax(logits);
      completions[prompt]?.forEach((completion, sample) => {
        const [id] = completion.ids as unknown as [number];
        expect(p[id]).toBeGreaterThan(0);
        const [logProb] = completion.logProbs as unknown as [number];
        const [samplingLogProb] = completion.samplingLogProbs as unknown as [number];
        expect(Math.abs(logProb - Math.log(plain[id] as number))).toBeLessThan(1e-4);
        expect(Math.abs(samplingLogProb - Math.log(p[id] as number))).toBeLessThan(1e-4);
        const expected = drawn(p, uniformAt({ ...key, prompt, sample }, 0));
        if (expected === undefined) return;
        expect(id).toBe(expected);
        compared += 1;
      });
    });
    // Numbers near a border between two tokens prove nothing; they must stay few.
    expect(compared).toBeGreaterThan(0.9 * prompts.length * SAMPLES);
  });

  it('is the likeliest at temperature 0, behind the penalty', async () => {
    for (const repetitionPenalty of [1, 3]) {
      const { completions } = await tiny.sampler.sample({
        prompts: prompts.map(({ ids }, index) => ({ ids, samples: 1, index })),
        parameters: { temperature: 0, repetitionPenalty, maxTokens: 1, stopIds: [] },
        key: { seed: 0, purpose: 'filters', step: 0 },
      });
      prompts.forEach(({ ids, logits }, i) => {
        const p = distribution(logits, new Set(ids), { repetitionPenalty });
        expect(completions[i]?.[0]?.ids[0]).toBe(p.indexOf(Math.max(...p)));
        expect(completions[i]?.[0]?.samplingLogProbs[0]).toBeCloseTo(0, 12);
      });
    }
  });
});
