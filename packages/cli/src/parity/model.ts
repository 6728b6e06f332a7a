import { join } from 'node:path';
import { FullAdapterFactory } from '@doppio/lora-adapter';
import { linearSites, loadModelWeights, readSafetensors, type ModelWeights } from '@doppio/models';
import { defaultSamplerOptions, OnnxSampler, SamplerSessions } from '@doppio/onnx-sampler';
import { createRuntimeHost } from '@doppio/runtime';
import { noTokenizer } from '../bench/no-tokenizer.js';
import { differs, maxError } from './errors.js';
import { listOf, type Checker, type Fixture } from './fixture.js';
import { hiddenStates } from './hidden-states.js';
import { checkPolicy, policyOn, startEngine, tensorLimit } from './policy-numbers.js';
import { statedLimit, Tally } from './tally.js';

interface Greedy {
  readonly prompt: readonly number[];
  readonly completion: readonly number[];
}

/** A model folder with `cases.json` and `expected.safetensors`; every weight is trained, so that all gradients show. */
export const modelChecker: Checker = {
  kind: 'model',
  recognises: ({ json }) => 'sequences' in json,
  check: async (fixture) => {
    const weights = await loadModelWeights(fixture.folder);
    const { tensors: expected } = await readSafetensors(join(fixture.folder, 'expected.safetensors'));
    const sequences = listOf<readonly number[]>(fixture, 'sequences');
    const tally = new Tally();
    const adapter = new FullAdapterFactory().create({
      sites: linearSites(weights.config),
      weights: weights.tensors,
    });
    {
      const engine = await startEngine(weights, adapter);
      await using policy = policyOn(engine);
      const golden = {
        about: fixture.about,
        sequences,
        weights: listOf<readonly number[]>(fixture, 'weights'),
        objective: Number(fixture.json['objective']),
        expected,
      };
      await checkPolicy(policy, golden, tally);
      const norm = weights.tensors.get('model.norm.weight')?.data as Float32Array;
      const states = await hiddenStates(engine, sequences[0] ?? [], norm);
      for (const [name, { data }] of expected)
        if (name.startsWith('hidden.'))
          tally.add(
            name,
            maxError(states[Number(name.slice('hidden.'.length))], data),
            tensorLimit(fixture.about),
          );
    }
    await checkGreedy(fixture, weights, tally);
    return tally.outcome();
  },
};

async function checkGreedy(fixture: Fixture, weights: ModelWeights, tally: Tally): Promise<void> {
  const { config } = weights;
  const greedy = listOf<Greedy>(fixture, 'greedy');
  await using sampler = new OnnxSampler(
    [new SamplerSessions(await createRuntimeHost({ name: 'parity' }), config, weights)],
    noTokenizer(config.vocabularySize),
    defaultSamplerOptions,
  );
  const { completions } = await sampler.sample({
    prompts: greedy.map(({ prompt }, index) => ({ ids: Int32Array.from(prompt), samples: 1, index })),
    parameters: {
      temperature: 0,
      maxTokens: statedLimit(fixture.about, /at most (\d+)/, 16),
      stopIds: config.eosIds,
    },
    key: { seed: 0, purpose: 'parity', step: 0 },
  });
  greedy.forEach(({ completion }, i) => {
    tally.add(`greedy continuation ${String(i)}`, differs(completions[i]?.[0]?.ids ?? [], completion), 0);
  });
}
