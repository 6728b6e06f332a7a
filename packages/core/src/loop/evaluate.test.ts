import { describe, expect, it } from 'vitest';
import type { Benchmark, Grade, SampleRequest, Sampler, Tokenizer } from '../contracts/index.js';
import { evaluate, type EvaluationResult } from './evaluate.js';

const tokenizer: Tokenizer = {
  vocabularySize: 10,
  stopIds: [0],
  encode: (text) => Int32Array.from(text, Number),
  decode: (ids) => Array.from(ids).join(''),
  applyChatTemplate: (messages) => Int32Array.from(messages[0]?.content ?? '', Number),
};

/** Completes a prompt with its own first token as often as it is the how-manieth sample; asked[] keeps the requests. */
function repeating(asked: SampleRequest[]): Sampler {
  const unused = (): Promise<void> => Promise.resolve();
  return {
    id: 'repeating',
    tokenizer,
    setAdapter: unused,
    [Symbol.asyncDispose]: unused,
    sample: (request) => {
      asked.push(request);
      const completions = request.prompts.map(({ ids, samples }) =>
        Array.from({ length: samples }, (_, sample) => {
          const own = new Int32Array(sample + 1).fill(ids[0] as number);
          const none = new Float32Array(own.length);
          const finishReason = sample === 0 ? ('stop' as const) : ('length' as const);
          return { ids: own, logProbs: none, samplingLogProbs: none, finishReason };
        }),
      );
      const metrics = {
        prefillTokens: 0,
        sharedPromptTokens: 0,
        completionTokens: 0,
        idleTokens: 0,
        prefillSeconds: 0,
        decodeSeconds: 0,
      };
      return Promise.resolve({ completions, metrics });
    },
  };
}

type GradeOf = (problem: string, text: string) => Grade | Promise<Grade>;

function benchmark(grade: GradeOf, samples = 2): Benchmark {
  return {
    id: 'digits',
    samples,
    sampling: { maxTokens: 4, temperature: 0.5 },
    problems: () =>
      Promise.resolve(
        ['1', '2', '3'].map((id) => ({ id, messages: [{ role: 'user', content: id }], answer: id })),
      ),
    grade: (problem, completion) => grade(problem.id, completion.text),
  };
}

async function run(
  grade: GradeOf,
): Promise<{ result: EvaluationResult; told: string[]; asked: SampleRequest[] }> {
  const asked: SampleRequest[] = [];
  const told: string[] = [];
  const result = await evaluate(benchmark(grade), repeating(asked), {
    seed: 3,
    signal: new AbortController().signal,
    onGradeFailed: (message) => told.push(message),
  });
  return { result, told, asked };
}

describe('evaluate', () => {
  it('samples every problem and averages over problems and samples', async () => {
    const { result, told, asked } = await run((id, text) => ({
      correct: id === '1' ? true : text.length === 2,
    }));
    expect(result.problems.map(({ correct }) => correct)).toEqual([
      [true, true],
      [false, true],
      [false, true],
    ]);
    expect(result.summary).toMatchObject({
      benchmark: 'digits',
      problems: 3,
      samples: 2,
      pass1: 2 / 3,
      meanCompletionTokens: 1.5,
      truncatedFraction: 0.5,
      ungraded: 0,
    });
    expect(told).toEqual([]);
    expect(asked[0]?.key).toEqual({ seed: 3, purpose: 'evaluation/digits', step: 0 });
    expect(asked[0]?.prompts.map(({ index, samples }) => [index, samples])).toEqual([
      [0, 2],
      [1, 2],
      [2, 2],
    ]);
  });

  it.each<[string, GradeOf, string]>([
    [
      'throws',
      () => {
        throw new Error('no verifier');
      },
      'no verifier',
    ],
    ['rejects', () => Promise.reject(new Error('no network')), 'no network'],
    ['gives no verdict of the contract', () => ({ correct: 1 }) as unknown as Grade, 'the verdict is 1'],
    ['gives nothing', () => undefined as unknown as Grade, 'correct'],
  ])('counts what a benchmark that %s could not grade, and says it once', async (_, bad, message) => {
    const { result, told } = await run((id, text) => (id === '2' ? bad(id, text) : { correct: true }));
    expect(result.problems.map(({ correct }) => correct)).toEqual([
      [true, true],
      [null, null],
      [true, true],
    ]);
    expect(result.summary).toMatchObject({ pass1: 2 / 3, ungraded: 2 });
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('benchmark digits, problem 2: ');
    expect(told[0]).toContain(message);
  });

  it('takes a null for what could not be graded without a word', async () => {
    const { result, told } = await run(() => ({ correct: null, reason: 'gold unreadable' }));
    expect(result.summary).toMatchObject({ pass1: 0, ungraded: 6 });
    expect(told).toEqual([]);
  });

  it('ends when told to, also where grading hangs', async () => {
    const stop = new AbortController();
    const running = evaluate(
      benchmark(() => new Promise(() => undefined)),
      repeating([]),
      { seed: 0, signal: stop.signal },
    );
    setTimeout(() => {
      stop.abort(new Error('asked to stop'));
    }, 10);
    await expect(running).rejects.toThrow('asked to stop');
  });
});
