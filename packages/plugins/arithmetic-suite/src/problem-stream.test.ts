import { describe, expect, it } from 'vitest';
import { expressionOf } from './problem.js';
import { pretrainingExamples, problemStream, uniqueProblems } from './problem-stream.js';
import { canonicalFormOf, splitOf } from './split.js';

describe('problemStream', () => {
  it('gives the same problem for the same seed and index in any order, of the split asked for', () => {
    const draw = problemStream({ split: 'training' });
    const forward = [0, 1, 2, 3].map((i) => draw(7, i));
    const backward = [3, 2, 1, 0].map((i) => draw(7, i)).reverse();
    expect(forward).toEqual(backward);
    expect(forward).not.toEqual([0, 1, 2, 3].map((i) => draw(8, i)));
    expect(forward.map(splitOf)).toEqual(Array(4).fill('training'));
  });

  it('draws the kinds and difficulties asked for only', () => {
    const draw = problemStream({ split: 'selection', kinds: ['add', 'mul'], difficulties: [3] });
    const drawn = Array.from({ length: 50 }, (_, i) => draw(0, i));
    expect(new Set(drawn.map(({ kind }) => kind))).toEqual(new Set(['add', 'mul']));
    expect(new Set(drawn.map(({ difficulty }) => difficulty))).toEqual(new Set([3]));
  });

  it('leaves kinds out that have none of the difficulties, but not where they were named', () => {
    const draw = problemStream({ split: 'training', difficulties: [4] });
    const kinds = new Set(Array.from({ length: 100 }, (_, i) => draw(0, i).kind));
    expect(kinds).toEqual(new Set(['add', 'sub', 'mul']));
    expect(() => problemStream({ split: 'training', kinds: ['add', 'par'], difficulties: [4] })).toThrow(
      /ARITHMETIC_SELECTION[^]*kinds par/,
    );
    expect(() => problemStream({ split: 'training', difficulties: [] })).toThrow(/ARITHMETIC_SELECTION/);
  });
});

describe('uniqueProblems', () => {
  it('has no problem and no twin of one twice', () => {
    const problems = uniqueProblems({ split: 'evaluation' }, 0, 1000);
    expect(new Set(problems.map(canonicalFormOf)).size).toBe(1000);
    expect(problems.every((problem) => splitOf(problem) === 'evaluation')).toBe(true);
  });

  it('says that a selection is too small', () => {
    const selection = { split: 'evaluation', kinds: ['mul'], difficulties: [2] } as const;
    expect(() => uniqueProblems(selection, 0, 500)).toThrow(/ARITHMETIC_EXHAUSTED[^]*500 wanted/);
  });
});

describe('pretrainingExamples', () => {
  it('reads the same examples in one piece and in parts', () => {
    const whole = pretrainingExamples(1, 0, 6);
    expect([...pretrainingExamples(1, 0, 2), ...pretrainingExamples(1, 2, 4)]).toEqual(whole);
    for (const { question, completionText } of whole) {
      expect(question).toMatch(/^[\d()+*-]+=\?$/);
      expect(completionText).toMatch(/^<think>[\d+*=,;-]+<\/think>\d+$/);
    }
  });

  it('shares no problem with evaluation', () => {
    const questions = new Set(pretrainingExamples(0, 0, 3000).map(({ question }) => question));
    const evaluation = uniqueProblems({ split: 'evaluation' }, 0, 500);
    expect(evaluation.filter((problem) => questions.has(`${expressionOf(problem)}=?`))).toEqual([]);
  });
});
