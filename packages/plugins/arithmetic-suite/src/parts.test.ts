import type { ScoredCompletion } from '@doppio/core';
import { describe, expect, it } from 'vitest';
import { createArithmeticAnswerReward } from './arithmetic-answer-reward.js';
import { createArithmeticBenchmark } from './arithmetic-benchmark.js';
import { createArithmeticDataset } from './arithmetic-dataset.js';
import { arithmeticBenchmarkOptions, arithmeticDatasetOptions } from './plugin.js';
import { completionTextOf } from './worked-solution.js';

const { signal } = new AbortController();
const completion = (
  text: string,
  finishReason: ScoredCompletion['finishReason'] = 'stop',
): ScoredCompletion => ({
  text,
  ids: new Int32Array(),
  finishReason,
});

describe('arithmetic dataset', () => {
  const dataset = createArithmeticDataset({ split: 'training', seed: 4 });

  it('goes on after a cursor as if it had not stopped', async () => {
    const whole = await dataset.read({ epoch: 0, row: 0 }, 8, signal);
    const first = await dataset.read({ epoch: 0, row: 0 }, 3, signal);
    const second = await dataset.read(first.next, 5, signal);
    expect([...first.rows, ...second.rows]).toEqual(whole.rows);
    expect(second.next).toEqual({ epoch: 0, row: 8 });
  });

  it('gives rows that arithmetic confirms, asked by the user', async () => {
    const { rows } = await dataset.read({ epoch: 0, row: 1000 }, 50, signal);
    for (const row of rows) {
      // Digits and operators only, so that evaluating it is safe.
      expect(row.question).toMatch(/^[\d()+*-]+=\?$/);
      expect(String(Function(`return ${row.question.slice(0, -2)}`)())).toBe(row.answer);
      expect(dataset.messages(row)).toEqual([{ role: 'user', content: row.question }]);
    }
  });

  it('names a cursor that it cannot read from', async () => {
    await expect(dataset.read({ epoch: 0, row: -1 }, 1, signal)).rejects.toThrow(/DATASET_READ[^]*row -1/);
  });
});

describe('arithmetic-answer reward', () => {
  const score = (
    text: string,
    finishReason?: ScoredCompletion['finishReason'],
    row: object = { answer: '42' },
  ) =>
    createArithmeticAnswerReward().score(
      { row, messages: [], completions: [completion(text, finishReason)], step: 0 },
      signal,
    );

  it.each([
    ['<think>1+1=2</think>42', 'stop', 1],
    ['</think>42', 'stop', 1],
    ['<think>1+1=2</think>42', 'length', 0],
    ['<think>1+1=2</think>42', 'stop_string', 0],
    ['<think>1+1=2</think>43', 'stop', 0],
    ['<think>1+1=2</think>042', 'stop', 0],
    ['<think>1+1=2</think>42 ', 'stop', 0],
    ['<think>1+1=2</think>\n42', 'stop', 0],
    ['<think>1+1=2</think>+42', 'stop', 0],
    ['<think>1+1=2</think>42.0', 'stop', 0],
    ['<think>1+1=2</think>42 43', 'stop', 0],
    ['<think>1+1=2</think>\u0664\u0662', 'stop', 0],
    ['<think>1+1=2</think>42<think>', 'stop', 0],
    ['<think></think></think>42', 'stop', 0],
    ['<think>42', 'stop', 0],
    ['42', 'stop', 0],
    ['', 'stop', 0],
  ] as const)('scores %j ended by %s with %d', (text, finishReason, expected) => {
    expect(score(text, finishReason)).toEqual([expected]);
  });

  it('abstains without an answer in the row', () => {
    expect(score('<think></think>42', 'stop', {})).toEqual([null]);
  });
});

describe('arithmetic benchmark', () => {
  const benchmark = createArithmeticBenchmark(arithmeticBenchmarkOptions.parse({ problems: 60 }));

  it('asks the same different problems every time', async () => {
    const problems = await benchmark.problems(signal);
    expect(problems).toEqual(await benchmark.problems(signal));
    expect(new Set(problems.map(({ id }) => id)).size).toBe(60);
    expect(benchmark.sampling).toMatchObject({ temperature: 1, maxTokens: 48 });
  });

  it('accepts the worked solution and nothing else', async () => {
    const [problem] = await benchmark.problems(signal);
    if (problem === undefined) throw new Error('no problem');
    const right = completion(`<think></think>${problem.answer}`);
    expect(benchmark.grade(problem, right, signal)).toEqual({ correct: true });
    expect(benchmark.grade(problem, completion(problem.answer), signal)).toEqual({ correct: false });
    const worked = completionTextOf({ kind: 'add', difficulty: 2, a: 12, b: 34 });
    expect(benchmark.grade({ ...problem, answer: '46' }, completion(worked), signal)).toEqual({
      correct: true,
    });
  });
});

describe('options', () => {
  it('are strict', () => {
    expect(arithmeticDatasetOptions.safeParse({ digits: 2 }).success).toBe(false);
    expect(arithmeticDatasetOptions.safeParse({ kinds: ['div'] }).success).toBe(false);
    expect(() => arithmeticDatasetOptions.parse({ kinds: ['add', 'add'] })).toThrow(/named twice/);
    expect(arithmeticBenchmarkOptions.safeParse({ problems: 0 }).success).toBe(false);
    expect(arithmeticDatasetOptions.parse({})).toMatchObject({ split: 'training' });
  });
});
