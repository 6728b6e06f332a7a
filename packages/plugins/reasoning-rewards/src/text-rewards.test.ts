import { describe, expect, it } from 'vitest';
import { formatReward } from './format.js';
import { codePointLength, countOccurrences, splitWhitespace } from './python-text.js';
import { reasoningStepsReward } from './reasoning-steps.js';
import { repetitionPenalty } from './repetition-penalty.js';
import { tagCountReward } from './tag-count.js';
import type { ThinkTagOptions } from './think-tags.js';

const corrected: ThinkTagOptions = { mode: 'corrected', opening: 'completion', answerTags: false };
const published: ThinkTagOptions = { ...corrected, mode: 'published' };
const prompted: ThinkTagOptions = { ...corrected, opening: 'prompt' };
const tagged: ThinkTagOptions = { ...corrected, answerTags: true };

describe('format', () => {
  it.each([
    // text, published, corrected, opened by the prompt, with answer tags
    ['<think>\na\n</think>\nb', 1, 1, 0, 0],
    ['<think>a</think>b', 0, 1, 0, 0],
    ['a\n</think>\nb', 1, 0, 1, 0],
    ['<think>\na\n</think>\n', 1, 0, 0, 0],
    ['b<think>\na\n</think>\nb', 1, 0, 0, 0],
    ['<think>\n<think>\na\n</think>\nb', 1, 0, 0, 0],
    ['<think>\na\n</think>\n</think>b', 1, 0, 0, 0],
    ['</think>\na\n<think>b', 0, 0, 0, 0],
    ['<think>a</think><answer>b</answer>', 0, 1, 0, 1],
    ['<think>a</think><answer> </answer>', 0, 1, 0, 0],
    ['<think>a</think><answer>b</answer> c', 0, 1, 0, 0],
    ['<think>a</think></answer>b<answer>', 0, 1, 0, 0],
    ['', 0, 0, 0, 0],
  ])('of %j', (text, ...expected) => {
    expect([published, corrected, prompted, tagged].map((o) => formatReward(text, o))).toEqual(expected);
  });
});

describe('tag_count', () => {
  it.each([
    ['<think>\na\n</think>\nb', 1, 1, 1, 0.5],
    ['<think>a</think>b', 0, 1, 1, 0.5],
    ['\n</think>\n<think>\n', 1, 0.5, 1, 0.25],
    ['<think>a', 0, 0.5, 0, 0.25],
    ['<think>a</think><answer>b</answer>', 0, 1, 1, 1],
    ['<think>a</think></think><answer>b</answer>', 0, 0.5, 0, 0.75],
  ])('of %j', (text, ...expected) => {
    expect([published, corrected, prompted, tagged].map((o) => tagCountReward(text, o))).toEqual(expected);
  });
});

describe('reasoning_steps', () => {
  it.each([
    ['1. a\n2. b\n3. c', 1 / 3, 1],
    ['- a\n- b', 1 / 3, 2 / 3],
    ['x\n**bold**\n-5', 2 / 3, 0],
    ['Step ٣: a. First, b. Next, c. Finally, d', 1, 1],
    ['first, next', 0, 0],
  ])('of %j', (text, asPublished, asCorrected) => {
    expect(reasoningStepsReward(text, 'published')).toBe(asPublished);
    expect(reasoningStepsReward(text, 'corrected')).toBe(asCorrected);
  });
});

describe('repetition_penalty', () => {
  const options = { mode: 'published', ngramSize: 2, maxPenalty: -1 } as const;

  it('is the share of n-grams that came before, times the penalty', () => {
    expect(repetitionPenalty('a A a a', options)).toBeCloseTo(-2 / 3, 15);
    expect(repetitionPenalty('a b a b', { ...options, maxPenalty: -0.5 })).toBeCloseTo(-0.5 / 3, 15);
  });

  it('is 0, not -0, where nothing repeats or there are too few words', () => {
    for (const text of ['a b c', 'a', '']) expect(Object.is(repetitionPenalty(text, options), 0)).toBe(true);
  });

  it('sees repetition in text without blanks only in mode corrected', () => {
    const text = '重复重复重复重复';
    expect(repetitionPenalty(text, options)).toBe(0);
    expect(repetitionPenalty(text, { ...options, mode: 'corrected' })).toBeCloseTo(-5 / 7, 15);
    expect(repetitionPenalty('🙂🙂🙂', { ...options, mode: 'corrected' })).toBe(-0.5);
  });

  it('rejects a reward in place of a penalty', () => {
    expect(() => repetitionPenalty('a', { ...options, maxPenalty: 1 })).toThrow(
      /REWARD_OPTIONS[^]*maxPenalty 1/,
    );
    expect(() => repetitionPenalty('a', { ...options, ngramSize: 0 })).toThrow(/REWARD_OPTIONS/);
  });
});

describe("Python's text", () => {
  it('is counted in code points', () => {
    expect(['', 'aé', '🙂a', '\ud800a'].map(codePointLength)).toEqual([0, 2, 2, 2]);
  });

  it('is split at its own whitespace', () => {
    expect(splitWhitespace(' a\u001fb\u0085c\u3000d\u200be\ufefff\n')).toEqual([
      'a',
      'b',
      'c',
      'd\u200be\ufefff',
    ]);
  });

  it('counts occurrences without overlap', () => {
    expect(countOccurrences('\n</think>\n</think>\n', '\n</think>\n')).toBe(1);
  });
});
