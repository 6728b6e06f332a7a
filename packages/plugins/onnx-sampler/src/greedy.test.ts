import { describe, expect, it } from 'vitest';
import { loadTiny, makeSampler, readCases } from '../test/tiny-sampler.js';

describe('greedy continuations of Transformers', () => {
  it.each(['tiny-qwen2', 'tiny-qwen2-tied', 'tiny-llama', 'tiny-qwen3'])('%s', async (model) => {
    const { greedy, about } = readCases(model);
    const weights = await loadTiny(model);
    await using tiny = await makeSampler(weights);
    const maxTokens = Number(/at most (\d+)/.exec(about)?.[1]);
    const prompts = greedy.map(({ prompt }, index) => ({ ids: Int32Array.from(prompt), samples: 1, index }));
    const key = { seed: 0, purpose: 'test', step: 0 };
    const parameters = { temperature: 0, maxTokens, stopIds: weights.config.eosIds };
    for (const options of [{}, { chunkTokens: 3, maxRows: 3 }]) {
      const { completions } = await tiny.withOptions(options).sample({ prompts, parameters, key });
      expect(completions.map(([only]) => Array.from(only?.ids ?? []))).toEqual(
        greedy.map(({ completion }) => completion),
      );
      completions.forEach(([only]) => {
        const stopped = weights.config.eosIds.includes(only?.ids.at(-1) ?? -1);
        expect(only?.finishReason).toBe(stopped ? 'stop' : 'length');
      });
    }
  });
});
