import { readFileSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FullAdapterFactory } from '@doppio/lora-adapter';
import { linearSites, loadModelWeights, loadTokenizer } from '@doppio/models';
import { defaultPolicyOptions, Engine, OnnxPolicy } from '@doppio/onnx-policy';
import { createRuntimeHost } from '@doppio/runtime';
import { describe, expect, it } from 'vitest';
import { nanoModel } from '../src/index.js';

interface Case {
  readonly question: string;
  readonly answer: string;
  readonly ids: readonly number[];
  readonly tokens: readonly number[];
}

// Written by tools/golden/nano_logits.py from Transformers.
const { cases } = JSON.parse(readFileSync(new URL('fixtures/nano-logits.json', import.meta.url), 'utf8')) as {
  readonly cases: readonly Case[];
};

describe('the bundled model', () => {
  it('is small', async () => {
    const sizes = (await readdir(nanoModel)).map((name) => statSync(join(nanoModel, name)).size);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(8 * 2 ** 20);
  });

  it('is tokenised as Transformers does', async () => {
    const tokenizer = await loadTokenizer(nanoModel);
    for (const { question, answer, ids } of cases) {
      const prompt = tokenizer.applyChatTemplate([{ role: 'user', content: question }]);
      expect([...prompt, ...tokenizer.encode(answer)]).toEqual(ids);
    }
  });

  it('gives the log-probabilities that Transformers gives', async () => {
    const weights = await loadModelWeights(nanoModel);
    const tokenizer = await loadTokenizer(nanoModel);
    const adapter = new FullAdapterFactory().create({
      sites: linearSites(weights.config),
      weights: weights.tensors,
    });
    const host = await createRuntimeHost({ name: 'test' });
    await using policy = new OnnxPolicy(
      [Engine.create(host, weights.config, weights, adapter)],
      tokenizer,
      defaultPolicyOptions,
    );
    const groups = cases.map(({ ids }) => ({
      promptIds: Int32Array.from(ids.slice(0, 1)),
      completions: [Int32Array.from(ids.slice(1))],
    }));
    const { scores } = await policy.score(groups);
    const expected = cases.flatMap(({ tokens }) => tokens);
    const worst = Math.max(
      ...expected.map((value, i) => Math.abs(value - (scores.logProbs.data[i] as number))),
    );
    // float32 against float64; log-probabilities here are as low as -20.
    expect(worst).toBeLessThan(1e-4);
  });
});
