import { describe, expect, it } from 'vitest';
import { findBoxes } from './boxes.js';
import { finalGroup, MOST_CANDIDATES, MOST_PARTS } from './box-group.js';

function parts(text: string): readonly string[] {
  const boxes = findBoxes(text, { start: 0, end: text.length });
  return finalGroup(text, boxes).map(({ content }) => text.slice(content.start, content.end));
}

const b = (content: string | number): string => `\\boxed{${String(content)}}`;
const filler =
  'This is not so clear, and we go through all of it again, one case after the other, with care. '.repeat(3);

describe('boxes that belong together', () => {
  it.each([
    [`${b(1)}${b(2)}`, ['1', '2']],
    [`$${b(1)}$, $${b(2)}$ and $${b(3)}$.`, ['1', '2', '3']],
    [`$${b(10)} \\quad \\text{and} \\quad ${b(11)}$`, ['10', '11']],
    [`$x = ${b(3)}$ and $y_2 = ${b(4)}$`, ['3', '4']],
    [`$\\alpha = ${b(3)}, \\beta = ${b(4)}$`, ['3', '4']],
    [`(a) ${b(3)}\n\n(b) ${b(4)}`, ['3', '4']],
    [`- ${b(3)}\n- ${b(4)}`, ['3', '4']],
    [`1. ${b(3)}\n2. ${b(4)}`, ['3', '4']],
    [`${b(1)} papers and ${b(2)} bins`, ['1', '2']],
    [`${b(1)} and ${b(2)} and ${b(1)}`, ['1', '2']],
  ])('%s', (text, expected) => {
    expect(parts(text)).toEqual(expected);
  });
});

describe('boxes that do not', () => {
  it.each([
    [`${b(5)} ${filler} ${b(7)}`, ['7']],
    [`$${b(3)} + ${b(4)} = ${b(7)}$`, ['7']],
    [`the radius is ${b(3)}, so the area is ${b('9\\pi')}`, ['9\\pi']],
    [`${b(5)}. Wait, that is wrong. It is ${b(7)}.`, ['7']],
    [`Thus ${b('\\frac{1}{2}')}.\n\n**Final Answer**\n\n${b('\\dfrac12')}`, ['\\dfrac12']],
    [`$${b('\\frac13')} \\approx ${b('0.333')}$`, ['\\frac13']],
    [`so ${b(1)} or ${b(2)}. ${filler} Hence ${b(3)} or ${b(4)}.`, ['3', '4']],
    [`${b(`${b(1)}${b(2)}`)}`, [`${b(1)}${b(2)}`]],
  ])('%s', (text, expected) => {
    expect(parts(text)).toEqual(expected);
  });
});

/** What a policy would write that hopes for one of many boxes: each is a list, which equals no single answer. */
describe('a listing of candidates', () => {
  const digits = Array.from({ length: 10 }, (_, digit) => b(digit));
  it.each([
    ['no gap', [1, 2, 3].map(b).join('')],
    ['paragraphs', [1, 2, 3].map(b).join('\n\n')],
    ['guesses', `It might be ${b(1)}. Or ${b(2)}. Or ${b(3)}.`],
    ['other guesses', `Maybe ${b(1)}! It could also be ${b(2)}.\n\nPossibly ${b(3)}?`],
    ['corrections in a breath', [1, 2, 3].map(b).join(' wait ')],
    ['consequences in a breath', [1, 2, 3].map(b).join(' so ')],
    ['one announcement after the other', [1, 2, 3].map((n) => `The answer is ${b(n)}.`).join(' ')],
    ['in text', `\\text{${b(1)} or ${b(2)}} ${b(3)}`],
  ])('%s', (_, text) => {
    expect(parts(text)).toEqual(['1', '2', '3']);
  });

  it('is one with paragraphs of reasoning between its boxes, where they are many', () => {
    expect(digits.length).toBeGreaterThan(MOST_CANDIDATES);
    expect(parts(digits.join(`\n\n${filler}\n\n`))).toEqual([
      '0',
      '1',
      '2',
      '3',
      '4',
      '5',
      '6',
      '7',
      '8',
      '9',
    ]);
  });

  it('keeps a bounded number of parts, more than one', () => {
    const thousand = Array.from({ length: 1000 }, (_, n) => b(n)).join(' ');
    expect(parts(thousand)).toHaveLength(MOST_PARTS);
  });

  it('is none where the same content is boxed many times', () => {
    expect(parts(Array.from({ length: 300 }, () => b(7)).join(` ${filler} `))).toEqual(['7']);
  });
});
