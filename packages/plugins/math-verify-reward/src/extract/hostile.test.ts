import { describe, expect, it } from 'vitest';
import { extractAnswer } from './extract-answer.js';

const LENGTH = 1_000_000;

/** Quadratic work on any of these would not end within the time of a test. */
describe('a million characters of', () => {
  it.each([
    ...[
      '$',
      '$5',
      '$$$',
      '\\boxed{',
      '\\boxed{1} ',
      '\\boxed{1} wait ',
      '\\boxed 1',
      '} \\boxed{',
      '\\boxed{\\boxed{',
    ],
    ...[
      '{',
      '}',
      '\\',
      '\\(',
      '\\[',
      '\\begin{align}',
      '\\end{align}',
      '<',
      '</think>',
      '<|im_end|>',
      '<answer>',
    ],
    ...[
      '####',
      '#### a\n',
      '"answer":',
      'answer is ',
      'answer to ',
      'Answer:\n',
      'the answer is 5. ',
      'is the answer ',
    ],
    ...['$x$, ', '$x$ and ', '- x\n', '**', '.', ' ', '\n', '1', '1 ', '(', ')', 'box', 'is ', '\\$', '𝕏'],
  ])('%j', (unit) => {
    const text = unit.repeat(Math.ceil(LENGTH / unit.length));
    for (const hostile of [text, `${text} so \\boxed{7}`]) {
      for (const { parts, span } of extractAnswer(hostile, 'prediction')) {
        expect(parts.length).toBeGreaterThan(0);
        expect(span.end).toBeLessThanOrEqual(hostile.length);
      }
    }
  });
});
