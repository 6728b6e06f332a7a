import { expectTypeOf } from 'vitest';
import { composeRun, type Composition } from '../di/compose-run.js';
import type { Dataset, Reward, RewardGroup } from '../contracts/index.js';
import type { WeightedReward } from '../loop/parts.js';
import { PluginHost } from '../plugins/plugin-host.js';
import { defineConfig } from './define-config.js';
import { definePipeline, type Pipeline } from './pipeline.js';
import type { DoppioConfig, ResolvedConfig } from './schema.js';

interface Problem {
  readonly question: string;
  readonly answer: string;
}

declare const problems: Dataset<Problem>;
declare const answerReward: Reward<{ readonly answer: string }>;
declare const problemReward: Reward<Problem>;
declare const anyReward: Reward<object>;
declare const unitReward: Reward<{ readonly answer: string; readonly unit: string }>;
declare const numericReward: Reward<{ readonly answer: number }>;

// The dataset decides what a row is; rewards may read any part of it.
const pipeline = definePipeline({
  model: 'm',
  dataset: problems,
  rewards: [
    answerReward,
    problemReward,
    anyReward,
    'length',
    { use: answerReward, weight: 2 },
    { use: 'format', options: { strict: true } },
  ],
});
expectTypeOf(pipeline).toEqualTypeOf<Pipeline<Problem>>();
expectTypeOf(pipeline.seed).toEqualTypeOf<number>();

definePipeline({
  model: 'm',
  dataset: problems,
  // @ts-expect-error the dataset has no column `unit`
  rewards: [unitReward],
});
definePipeline({
  model: 'm',
  dataset: problems,
  // @ts-expect-error nor does a weight give it one
  rewards: [answerReward, { use: unitReward, weight: 2 }],
});
definePipeline({
  model: 'm',
  dataset: { use: problems },
  // @ts-expect-error the column `answer` holds text
  rewards: [numericReward],
});

// A dataset named by id says nothing of its rows, so they must be named.
// @ts-expect-error a row is an unknown record here
definePipeline({ model: 'm', dataset: 'gsm8k', rewards: [answerReward] });
definePipeline<Problem>({ model: 'm', dataset: 'gsm8k', rewards: [answerReward] });
// @ts-expect-error and then they are checked
definePipeline<Problem>({ model: 'm', dataset: 'gsm8k', rewards: [unitReward] });

// Keys and values are checked as everywhere.
// @ts-expect-error unknown key
definePipeline({ model: 'm', dataset: problems, rewards: [], stpes: 1 });
// @ts-expect-error options belong to parts that are named by id
definePipeline({ model: 'm', dataset: problems, rewards: [{ use: answerReward, options: {} }] });
// @ts-expect-error a reward is no dataset
definePipeline({ model: 'm', dataset: anyReward, rewards: [] });
// @ts-expect-error without a model there is no run
definePipeline({ dataset: problems, rewards: [] });

// The row's type goes on into the composition.
const composition = composeRun(new PluginHost(), pipeline);
expectTypeOf(composition).toEqualTypeOf<Promise<Composition<Problem>>>();
expectTypeOf<Composition<Problem>['rewards']>().returns.toEqualTypeOf<
  Promise<readonly WeightedReward<Problem>[]>
>();

// What people write is partial; what a run sees is complete and read-only.
expectTypeOf<Record<never, never>>().toExtend<DoppioConfig>();
expectTypeOf<ResolvedConfig>().not.toExtend<Record<never, never> & { steps: number }>();
expectTypeOf<ResolvedConfig['training']['sampling']['temperature']>().toEqualTypeOf<number>();
declare const resolved: ResolvedConfig;
// @ts-expect-error a resolved configuration is read-only
resolved.seed = 1;
// @ts-expect-error read-only below, too
resolved.training.steps = 1;

expectTypeOf(
  defineConfig({ seed: 1, rewards: ['a', { use: 'b', weight: 2 }] }),
).toEqualTypeOf<DoppioConfig>();
expectTypeOf(defineConfig(async () => Promise.resolve({ seed: 1 }))).toExtend<() => Promise<DoppioConfig>>();
// @ts-expect-error unknown key
defineConfig({ seeds: 1 });
// @ts-expect-error steps is a number
defineConfig({ training: { steps: 'many' } });

// Rewards written in place know the row, in every form: a function, an asynchronous one, with a weight.
definePipeline({
  model: 'm',
  dataset: problems,
  rewards: [
    { id: 'a', score: ({ row, completions }) => completions.map(() => row.answer.length) },
    {
      use: {
        id: 'b',
        score: async ({ row, completions }) => Promise.resolve(completions.map(() => row.question.length)),
      },
      weight: 2,
    },
  ],
});
definePipeline({
  model: 'm',
  dataset: problems,
  // @ts-expect-error no column `unit`, in place
  rewards: [{ id: 'a', score: ({ row, completions }) => completions.map(() => row.unit.length) }],
});
definePipeline({
  model: 'm',
  dataset: problems,
  rewards: [
    {
      use: {
        id: 'b',
        // @ts-expect-error nor where it is asynchronous and has a weight
        score: async ({ row, completions }) => Promise.resolve(completions.map(() => row.unit.length)),
      },
      weight: 2,
    },
  ],
});

// Nor does it help to be a class with a method, to come from a function, or to stand in a list made elsewhere.
class UnitReward {
  readonly id = 'unit';
  score({ completions }: RewardGroup<{ readonly unit: string }>): readonly number[] {
    return completions.map(() => 0);
  }
}
declare function makeDataset(): Dataset<Problem>;
declare function makeReward(): Reward<{ readonly unit: string }>;
const list = [answerReward, unitReward];
// @ts-expect-error a method is checked as strictly as a function
definePipeline({ model: 'm', dataset: problems, rewards: [new UnitReward()] });
// @ts-expect-error from functions
definePipeline({ model: 'm', dataset: makeDataset(), rewards: [makeReward()] });
// @ts-expect-error from a list
definePipeline({ model: 'm', dataset: problems, rewards: list });

// A column that may be missing is not one that is there.
declare const hints: Dataset<Problem & { readonly hint?: string }>;
declare const hintReward: Reward<{ readonly hint: string }>;
declare const mayHintReward: Reward<{ readonly answer: string; readonly hint?: string }>;
// @ts-expect-error `hint` may be missing
definePipeline({ model: 'm', dataset: hints, rewards: [hintReward] });
definePipeline({ model: 'm', dataset: hints, rewards: [mayHintReward] });

// The same in a configuration file.
expectTypeOf(defineConfig({ dataset: problems, rewards: [answerReward, 'length'] })).toEqualTypeOf<
  DoppioConfig<Problem>
>();
defineConfig({
  dataset: { use: problems },
  rewards: [{ id: 'a', score: ({ row, completions }) => completions.map(() => row.answer.length) }],
});
defineConfig<Problem>({ dataset: 'gsm8k', rewards: [answerReward] });
defineConfig(() => ({ dataset: problems, rewards: [answerReward] }));
// @ts-expect-error no column `unit`
defineConfig({ dataset: problems, rewards: [unitReward] });
// @ts-expect-error nor in place
defineConfig({ dataset: problems, rewards: [{ id: 'a', score: ({ row }) => [row.unit] }] });
// @ts-expect-error a dataset named by id says nothing of its rows
defineConfig({ dataset: 'gsm8k', rewards: [answerReward] });
