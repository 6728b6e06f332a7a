import { createStream } from '@doppio/core';
import { describe, expect, it } from 'vitest';
import {
  DIFFICULTIES,
  expressionOf,
  KINDS,
  MAX_COMPLETION_TOKENS,
  MAX_PROMPT_TOKENS,
  problemOf,
  questionOf,
  valueOf,
  type Problem,
} from './problem.js';
import { completionTextOf, workedSolution, type WorkedSolution } from './worked-solution.js';
import { ADDED_TOKENS, CHARACTERS } from './tokenizer-spec.js';

const chatTokens = 8; // <|im_start|> user newline, <|im_end|> newline <|im_start|> assistant newline

describe('workedSolution', () => {
  it.each([
    [{ kind: 'add', a: 298, b: 7527 }, '8+7=15,9+2+1=12,2+5+1=8,7=7', '7825'],
    [{ kind: 'add', a: 95, b: 9917 }, '5+7=12,9+1+1=11,9+1=10,9+1=10', '10012'],
    [{ kind: 'sub', a: 523, b: 87 }, '13-7=6,12-8-1=3,5-1=4', '436'],
    [{ kind: 'sub', a: 1000, b: 999 }, '10-9=1,10-9-1=0,10-9-1=0,1-1=0', '1'],
    [{ kind: 'sub', a: 57, b: 57 }, '7-7=0,5-5=0', '0'],
    [{ kind: 'mul', a: 3054, b: 7 }, '4*7=28,5*7+2=37,0*7+3=3,3*7=21', '21378'],
    [{ kind: 'mix', a: 34, b: 7, c: 258 }, '4*7=28,3*7+2=23;8+8=16,3+5+1=9,2+2=4', '496'],
    [{ kind: 'par', a: 34, b: 78, c: 6 }, '4+8=12,3+7+1=11;2*6=12,1*6+1=7,1*6=6', '672'],
  ] as const)('works %o', (problem, think, answer) => {
    expect(workedSolution({ difficulty: 4, ...problem })).toEqual({ think, answer });
  });

  const cases = KINDS.flatMap((kind) => DIFFICULTIES[kind].map((difficulty) => [kind, difficulty] as const));
  it.each(cases)('is right and fits for %s of %i digits', (kind, difficulty) => {
    const stream = createStream({ seed: 1, purpose: `test ${kind}`, step: difficulty });
    for (let i = 0; i < 2000; i += 1) {
      const problem = problemOf(kind, difficulty, stream);
      expect(verifyWorkedSolution(problem, workedSolution(problem)), expressionOf(problem)).toBeUndefined();
      expect(String(valueOf(problem))).toBe(workedSolution(problem).answer);
      expect(tokenCount(questionOf(problem)) + chatTokens).toBeLessThanOrEqual(MAX_PROMPT_TOKENS);
      expect(tokenCount(completionTextOf(problem)) + 1).toBeLessThanOrEqual(MAX_COMPLETION_TOKENS);
    }
  });

  it('is caught by the check when a step, an operand or the answer is changed', () => {
    const problem: Problem = { kind: 'add', difficulty: 4, a: 298, b: 7527 };
    const right = workedSolution(problem);
    for (const wrong of [
      { ...right, answer: '7826' },
      { ...right, think: right.think.replace('8+7=15', '8+7=16') },
      { ...right, think: right.think.replace('9+2+1=12', '9+2=11') },
      { ...right, think: right.think.replace(',7=7', '') },
    ])
      expect(verifyWorkedSolution(problem, wrong)).toBeDefined();
  });
});

describe('problemOf', () => {
  it('draws operands of the promised sizes', () => {
    const stream = createStream({ seed: 3, purpose: 'test' });
    const lengths = Array.from({ length: 500 }, () => {
      const { a, b } = problemOf('add', 4, stream);
      return [String(a).length, String(b).length];
    });
    expect(new Set(lengths.flat())).toEqual(new Set([2, 3, 4]));
    expect(lengths.every((pair) => Math.max(...pair) === 4)).toBe(true);
  });

  it('rejects difficulties that a kind does not have', () => {
    expect(() => problemOf('par', 4, createStream({ seed: 0, purpose: 'test' }))).toThrow(
      /ARITHMETIC_DIFFICULTY/,
    );
  });
});

/** Tokens of the text: fails where a character is not in the vocabulary. */
function tokenCount(text: string): number {
  let rest = text;
  let count = 0;
  while (rest !== '') {
    const token = [...ADDED_TOKENS, ...CHARACTERS].find((t) => rest.startsWith(t));
    if (token === undefined) throw new Error(`not in the vocabulary: ${rest}`);
    rest = rest.slice(token.length);
    count += 1;
  }
  return count;
}

/**
 * Checks a worked solution by reading it, without the generator's own columns: every step's arithmetic, that its
 * operands are the digits and the carry that are due, and that the answer follows from the last stage.
 *
 * @returns what is wrong, or undefined
 */
function verifyWorkedSolution(problem: Problem, { think, answer }: WorkedSolution): string | undefined {
  const { a, b } = problem;
  const stages = think.split(';').map((stage) => stage.split(','));
  const c = 'c' in problem ? problem.c : 0;
  const expected = {
    add: [['+', a, b]],
    sub: [['-', a, b]],
    mul: [['*', a, b]],
    mix: [
      ['*', a, b],
      ['+', a * b, c],
    ],
    par: [
      ['+', a, b],
      ['*', a + b, c],
    ],
  }[problem.kind] as ['+' | '-' | '*', number, number][];
  if (stages.length !== expected.length) return `${String(stages.length)} stages`;
  let value = 0;
  for (const [i, [operator, x, y]] of expected.entries()) {
    const result = { '+': readSum, '-': readDifference, '*': readProduct }[operator](stages[i] ?? [], x, y);
    if (typeof result === 'string') return result;
    value = result;
  }
  return String(value) === answer ? undefined : `answer ${answer}, steps give ${String(value)}`;
}

/** The digit of n at a power of ten, or undefined beyond its length. */
function digit(n: number, place: number): number | undefined {
  return 10 ** place > n && place > 0 ? undefined : Math.trunc(n / 10 ** place) % 10;
}

function readSum(steps: readonly string[], x: number, y: number): number | string {
  let [total, carry] = [0, 0];
  for (const [place, step] of steps.entries()) {
    const match = /^(\d(?:\+\d){0,2})=(\d{1,2})$/.exec(step);
    if (match === null) return `unreadable ${step}`;
    const summands = (match[1] ?? '').split('+').map(Number);
    const due = [digit(x, place), digit(y, place)]
      .filter((d) => d !== undefined)
      .concat(carry > 0 ? [carry] : []);
    if (summands.join() !== due.join()) return `${step} should add ${due.join(', ')}`;
    const sum = Number(match[2]);
    if (summands.reduce((s, d) => s + d, 0) !== sum) return `wrong ${step}`;
    carry = Math.trunc(sum / 10);
    total += (place === steps.length - 1 ? sum : sum % 10) * 10 ** place;
  }
  return total;
}

function readDifference(steps: readonly string[], x: number, y: number): number | string {
  let [total, borrow] = [0, 0];
  for (const [place, step] of steps.entries()) {
    const match = /^(\d{1,2})((?:-\d){0,2})=(\d)$/.exec(step);
    if (match === null) return `unreadable ${step}`;
    const from = Number(match[1]);
    const taken = [...(match[2] ?? '')].filter((c) => c !== '-').map(Number);
    const due = [digit(y, place)].filter((d) => d !== undefined).concat(borrow > 0 ? [borrow] : []);
    if (taken.join() !== due.join()) return `${step} should take ${due.join(', ')}`;
    if (from % 10 !== digit(x, place) || from > 19) return `${step} starts from another digit`;
    const rest = Number(match[3]);
    if (taken.reduce((s, d) => s - d, from) !== rest) return `wrong ${step}`;
    borrow = from > 9 ? 1 : 0;
    total += rest * 10 ** place;
  }
  return borrow === 0 ? total : 'borrows from nothing';
}

function readProduct(steps: readonly string[], x: number, y: number): number | string {
  let [total, carry] = [0, 0];
  for (const [place, step] of steps.entries()) {
    const match = /^(\d)\*(\d)(?:\+(\d))?=(\d{1,2})$/.exec(step);
    if (match === null) return `unreadable ${step}`;
    const [d, f, c, value] = [Number(match[1]), Number(match[2]), Number(match[3] ?? 0), Number(match[4])];
    if (d !== digit(x, place) || f !== y || c !== carry) return `${step} has another operand than due`;
    if (d * f + c !== value) return `wrong ${step}`;
    carry = Math.trunc(value / 10);
    total += (place === steps.length - 1 ? value : value % 10) * 10 ** place;
  }
  return total;
}
