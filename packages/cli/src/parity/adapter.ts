import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LoraAdapterFactory, mergeAdapter } from '@doppio/lora-adapter';
import { linearSites, loadModelWeights, readSafetensors } from '@doppio/models';
import { maxError } from './errors.js';
import { listOf, readFixture, type Checker } from './fixture.js';
import { checkPolicy, policyOn, startEngine, tensorLimit } from './policy-numbers.js';
import { Tally } from './tally.js';

/** An adapter folder inside of a model's: the model's sequences with the adapter in place, and merged weights. */
export const adapterChecker: Checker = {
  kind: 'adapter',
  recognises: ({ folder, name }) => name === 'cases.json' && existsSync(join(folder, 'adapter_config.json')),
  check: async (fixture) => {
    const model = dirname(fixture.folder);
    const base = await readFixture(join(model, 'cases.json'));
    const weights = await loadModelWeights(model);
    const { tensors: expected } = await readSafetensors(join(fixture.folder, 'expected.safetensors'));
    const target = { sites: linearSites(weights.config), weights: weights.tensors };
    const adapter = await new LoraAdapterFactory().load(target, fixture.folder);
    const tally = new Tally();
    const merged = mergeAdapter(weights.tensors, adapter);
    for (const [name, { data }] of expected)
      if (name.startsWith('merged.'))
        tally.add(
          name,
          maxError(merged.get(name.slice('merged.'.length))?.data, data),
          tensorLimit(base.about),
        );
    await using policy = policyOn(await startEngine(weights, adapter));
    const golden = {
      about: base.about,
      sequences: listOf<readonly number[]>(base, 'sequences'),
      weights: listOf<readonly number[]>(base, 'weights'),
      objective: Number(fixture.json['objective']),
      expected,
    };
    await checkPolicy(policy, golden, tally);
    return tally.outcome();
  },
};
