import { fromTsyringe } from '../src/di/tsyringe-bridge.js';
import { container, inject, injectable, injectAll, singleton } from 'tsyringe';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ConfigSchema } from '../src/config/schema.js';
import { createToken, Reward, type RewardGroup, type RewardValues } from '../src/contracts/index.js';
import { DoppioError } from '../src/errors/doppio-error.js';
import { definePlugin, type PartDefinition } from '../src/plugins/define-plugin.js';
import { PluginHost } from '../src/plugins/plugin-host.js';
import { composeRun, type Composition } from '../src/di/compose-run.js';
import { provide, RunFacts, type Service } from '../src/di/service.js';

interface Lexicon {
  readonly words: readonly string[];
}
const Lexicon = createToken<Lexicon>('TestLexicon');

const log: string[] = [];
let counters = 0;

@singleton()
class Counter {
  readonly number = ++counters;
  dispose(): void {
    log.push(`counter ${this.number}`);
  }
}

/** Written for tsyringe alone: nothing of ours but the tokens it asks for. */
@injectable()
class WordReward implements Reward {
  readonly id = 'word';

  constructor(
    @inject(Lexicon.symbol) readonly lexicon: Lexicon,
    @inject('options') readonly options: { readonly bonus: number },
    @inject(RunFacts.symbol) readonly facts: RunFacts,
    @inject(Counter) readonly counter: Counter,
  ) {}

  score({ completions }: RewardGroup): RewardValues {
    return completions.map(({ text }) => (this.lexicon.words.includes(text) ? 1 + this.options.bonus : 0));
  }

  close(): void {
    log.push('word');
  }
}

@injectable()
class DisposableReward implements Reward {
  readonly id = 'disposable';
  score = (): RewardValues => [];
  dispose(): Promise<void> {
    log.push('disposable');
    return Promise.resolve();
  }
}

class Undecorated implements Reward {
  readonly id = 'undecorated';
  constructor(readonly lexicon: Lexicon) {}
  score = (): RewardValues => [];
}

async function compose(
  create: PartDefinition<Reward>['create'],
  {
    uses = 1,
    services = [provide(Lexicon, () => ({ words: ['yes'] }))],
  }: { uses?: number; services?: readonly Service[] } = {},
): Promise<Composition> {
  const host = new PluginHost();
  const id = 'hosted';
  const options = z.strictObject({ bonus: z.number().default(0.5) });
  host.add(
    definePlugin({
      id,
      api: 1,
      register: ({ contribute }) => contribute(Reward, { id, description: id, options, create }),
    }),
  );
  const given = { id: 'given', accumulate: () => 0, sample: () => 0, loss: () => 0 } as never;
  const rewards = Array.from({ length: uses }, () => id);
  const config = ConfigSchema.parse({
    model: '/m',
    seed: 3,
    policy: given,
    sampler: given,
    optimizer: given,
    rewards,
  });
  return composeRun(host, config, { services });
}

const wordReward = fromTsyringe(WordReward, { services: [Lexicon], options: 'options', classes: [Counter] });

describe('fromTsyringe', () => {
  it('hosts a decorated class with services, options and facts of the run', async () => {
    const composition = await compose(wordReward);
    const reward = (await composition.get(Reward)) as WordReward;
    expect(reward).toBeInstanceOf(WordReward);
    expect(reward.facts).toMatchObject({ seed: 3, model: '/m' });
    const completions = ['yes', 'no'].map((text) => ({
      text,
      ids: new Int32Array(1),
      finishReason: 'stop' as const,
    }));
    expect(reward.score({ row: {}, messages: [], completions, step: 0 })).toEqual([1.5, 0]);
  });

  it('keeps every part to itself, and leaves the global container alone', async () => {
    const composition = await compose(wordReward, { uses: 2 });
    const [first, second] = (await composition.getAll(Reward)) as readonly [WordReward, WordReward];
    expect(first).not.toBe(second);
    expect(first.counter).not.toBe(second.counter);
    expect(first.lexicon).toBe(second.lexicon);
    for (const token of [WordReward, Lexicon.symbol, RunFacts.symbol, 'options']) {
      expect(container.isRegistered(token, true)).toBe(false);
    }
    expect(container.resolve(Counter)).not.toBe(first.counter);
  });

  it('releases the part and what its container made, each once', async () => {
    log.length = 0;
    const composition = await compose(wordReward);
    const reward = (await composition.get(Reward)) as WordReward;
    await composition.dispose();
    expect(log).toEqual(['word', `counter ${reward.counter.number}`]);
    log.length = 0;
    const other = await compose(fromTsyringe(DisposableReward));
    await other.get(Reward);
    await other.dispose();
    expect(log).toEqual(['disposable']);
  });

  it('takes further registrations', async () => {
    @injectable()
    class Many implements Reward {
      readonly id = 'many';
      constructor(@injectAll('word') readonly words: readonly string[]) {}
      score = (): RewardValues => [];
    }
    const create = fromTsyringe(Many, {
      register: (child) => void child.register('word', { useValue: 'a' }).register('word', { useValue: 'b' }),
    });
    expect(((await (await compose(create)).get(Reward)) as Many).words).toEqual(['a', 'b']);
    expect(container.isRegistered('word', true)).toBe(false);
  });

  it('explains a token that was not listed', async () => {
    const error: unknown = await (
      await compose(fromTsyringe(WordReward, { options: 'options' }))
    )
      .get(Reward)
      .catch((thrown: unknown) => thrown);
    expect(DoppioError.is(error, 'PART_MISSING')).toBe(true);
    expect(String(error)).toContain('Class WordReward injects something that is not registered');
    expect(String(error)).toContain('TestLexicon');
    expect(String(error)).toContain('under `services`');
  });

  it('names both sides where a listed service is not there', async () => {
    const error: unknown = await (
      await compose(wordReward, { services: [] })
    )
      .get(Reward)
      .catch((thrown: unknown) => thrown);
    expect(DoppioError.is(error, 'PART_MISSING')).toBe(true);
    expect(String(error)).toContain('Reward "hosted" (rewards[0]) needs a TestLexicon');
  });

  it('explains a class that is not decorated', async () => {
    const error: unknown = await (
      await compose(fromTsyringe(Undecorated))
    )
      .get(Reward)
      .catch((thrown: unknown) => thrown);
    expect(DoppioError.is(error, 'PLUGIN_INVALID')).toBe(true);
    expect(String(error)).toContain('Class Undecorated, or a class that it injects, is not decorated');
  });

  it('passes on what a constructor throws, and releases what was made for it', async () => {
    log.length = 0;
    @injectable()
    class Broken implements Reward {
      readonly id = 'broken';
      constructor(@inject(Counter) readonly counter: Counter) {
        throw new RangeError('not today');
      }
      score = (): RewardValues => [];
    }
    const error: unknown = await (
      await compose(fromTsyringe(Broken, { classes: [Counter] }))
    )
      .get(Reward)
      .catch((thrown: unknown) => thrown);
    expect(DoppioError.is(error, 'PART_FAILED')).toBe(true);
    expect((error as DoppioError).cause).toBeInstanceOf(RangeError);
    expect(log).toHaveLength(1);
  });
});
