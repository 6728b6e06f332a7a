import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DoppioError } from '../errors/doppio-error.js';
import { Dataset as DatasetToken, type Dataset, type Reward } from '../contracts/index.js';
import { composeRun } from '../di/compose-run.js';
import { PluginHost } from '../plugins/plugin-host.js';
import { definePipeline } from './pipeline.js';

interface Sum {
  readonly question: string;
  readonly answer: number;
}

class Sums implements Dataset<Sum> {
  readonly id = 'sums';
  readonly size = undefined;
  readonly messages = ({ question }: Sum) => [{ role: 'user', content: question }];
  readonly read: Dataset<Sum>['read'] = (cursor, count) =>
    Promise.resolve({
      rows: Array.from({ length: count }, (_, i) => ({
        question: `${cursor.row + i}+1`,
        answer: cursor.row + i + 1,
      })),
      next: { epoch: 0, row: cursor.row + count },
    });
}

const exact: Reward<{ readonly answer: number }> = {
  id: 'exact',
  score: ({ row, completions }) => completions.map(({ text }) => (Number(text) === row.answer ? 1 : 0)),
};

const part = { id: 'part', accumulate: () => 0, sample: () => 0, loss: () => 0 } as never;

describe('definePipeline', () => {
  it('fills in defaults and keeps objects as they are', () => {
    const sums = new Sums();
    const pipeline = definePipeline({
      model: 'm',
      dataset: sums,
      rewards: [exact, { use: exact, weight: 2 }, 'length'],
      training: { steps: 5 },
    });
    expect(pipeline.model).toBe(resolve('m'));
    expect(pipeline.dataset.use).toBe(sums);
    expect(pipeline.rewards).toEqual([
      { use: exact, options: {}, weight: 1, deadlineSeconds: 60 },
      { use: exact, options: {}, weight: 2, deadlineSeconds: 60 },
      { use: 'length', options: {}, weight: 1, deadlineSeconds: 60 },
    ]);
    for (const { use } of pipeline.rewards.slice(0, 2)) expect(use).toBe(exact);
    expect(Object.isFrozen(exact)).toBe(false);
    expect(pipeline.training).toMatchObject({ steps: 5, groupSize: 8 });
    expect(pipeline.policy).toEqual({ use: 'onnx', options: {} });
  });

  it('composes without any plugin when every part is given', async () => {
    const sums = new Sums();
    const pipeline = definePipeline({
      model: 'm',
      dataset: sums,
      rewards: [exact],
      policy: part,
      sampler: part,
      optimizer: part,
    });
    const composition = await composeRun(new PluginHost(), pipeline);
    expect(await composition.get(DatasetToken)).toBe(sums);
    const { rows } = await sums.read({ epoch: 0, row: 4 }, 1, new AbortController().signal);
    const [{ reward } = { reward: exact }] = await composition.rewards();
    const completions = ['5', '6'].map((text) => ({
      text,
      ids: new Int32Array(1),
      finishReason: 'stop' as const,
    }));
    const row = rows[0] as Sum;
    expect(
      await reward.score({ row, messages: [], completions, step: 0 }, new AbortController().signal),
    ).toEqual([1, 0]);
  });

  it('reports what is wrong as a configuration file would', () => {
    const wrong = {
      model: 'm',
      dataset: new Sums(),
      rewards: [{ use: exact, wieght: 2 }],
      training: { steps: 0 },
    };
    let error: unknown;
    try {
      definePipeline(wrong as never);
    } catch (thrown) {
      error = thrown;
    }
    expect(DoppioError.is(error, 'CONFIG_UNKNOWN_KEY')).toBe(true);
    expect(String(error)).toContain(
      'rewards[0].wieght: unknown key; did you mean rewards[0].weight? [definePipeline]',
    );
    expect(String(error)).toContain(
      'training.steps: expected number to be >0, seen 0 (number) [definePipeline]',
    );
  });
});
