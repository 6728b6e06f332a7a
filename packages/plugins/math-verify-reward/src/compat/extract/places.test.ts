import { describe, expect, it } from 'vitest';
import { DEFAULT_COMPAT_SETTINGS, type CompatSettings } from '../settings.js';
import type { Place } from './place.js';
import { placesByTrust } from './places.js';

/** What the first group of places that is not empty holds, with `%` after percentages. */
function mostTrusted(text: string, settings: Partial<CompatSettings>): readonly string[] {
  const shown = (span: { readonly start: number; readonly end: number }, percent = false): string =>
    text.slice(span.start, span.end) + (percent ? '%' : '');
  const show = (place: Place): string => {
    if (place.type === 'latex')
      return place.pieces.map(({ span, percent }) => shown(span, percent)).join(' & ');
    return place.type === 'number' ? shown(place.number.span, place.number.percent) : shown(place.span);
  };
  for (const places of placesByTrust(text, { ...DEFAULT_COMPAT_SETTINGS, ...settings }))
    if (places.length > 0) return places.map(show);
  return [];
}

const LATEX: readonly (readonly [text: string, places: readonly string[]])[] = [
  ['The final answer is $7$. I hope it is correct. Or $8$', ['7']],
  ['Answer: $x$ is $3$', ['x']],
  ['first $1$, then $2$', ['2', '1']],
  ['$1$, $2$ and $3$', ['1 & 2 & 3']],
  ['$1$, and $2$', ['2', '1']],
  ['$1$,and $2$', ['1 & 2']],
  ['$28$ percent, $5$\\%', ['28% & 5%']],
  ['$1$,$2$,$3$,$4$,$5$,$6$,$7$', ['7', '1 & 2 & 3 & 4 & 5 & 6']],
  ['$a$ \\(b\nc\\) \\[d\ne\\]', ['d\ne', 'a']],
  ['cost 5$ and 6$', []],
  ['\\$5 and $x\\$y$', ['x\\$y']],
  ['see [ 1 ] and [2]. ', [' 1 ']],
  ['so \\frac{1}{2} or -\\frac{3}{4.5}', ['\\frac{1}{2} & -\\frac{3}{4.5}']],
  ['\\boxed{1} then the answer is $2$', ['\\boxed{1}']],
  ['\\boxed{7', []],
];

const PLAIN: readonly (readonly [text: string, places: readonly string[]])[] = [
  ['so 1,234.5 and 1 000 and .5 and 2,74', ['2,74', '.5', '1 000', '1,234.5']],
  ['AZYUK2A, 100m2, $1,000.99', ['1,000.99', '100']],
  ['12%, 3 pct, 4 percentage', ['4%', '3%', '12%']],
  ['**73** or **3/4**', ['3/4**', '3', '73**', '73']],
  ['so 3*(4+5) = 27.', ['27', '3*(4+5)', '3']],
  ['Answer: 12 = x', ['1']],
  ['answer: x = 5, y = 6', ['6']],
  ['The final answer is 1/2. I hope', ['1/2.']],
  ['the final answer to this is: 1/2, not 3', ['1/2']],
  ['answer 12 and 13', ['12']],
];

const LETTERS: readonly (readonly [text: string, places: readonly string[]])[] = [
  ['Answer: B. Not C', ['B']],
  ['**A** or B', ['A']],
  ['(A) or B, C', ['C', 'B']],
  ['The final answer is D', ['D']],
  ['DAB', []],
];

describe('placesByTrust', () => {
  it.each(LATEX)('LaTeX in %j', (text, places) => {
    expect(mostTrusted(text, { matchTypes: ['latex'] })).toEqual(places);
  });

  it.each(PLAIN)('plain expressions in %j', (text, places) => {
    expect(mostTrusted(text, { matchTypes: ['expr'] })).toEqual(places);
  });

  it.each(LETTERS)('letters in %j', (text, places) => {
    expect(mostTrusted(text, { matchTypes: ['string'] })).toEqual(places);
  });

  it.each([
    [0, ['\\boxed{1}']],
    [60, ['2']],
    [-1, ['2']],
  ] as const)('boxes at priority %i', (boxedMatchPriority, places) => {
    const text = '\\boxed{1} but the final answer is $2$';
    expect(mostTrusted(text, { matchTypes: ['latex'], boxedMatchPriority })).toEqual(places);
  });

  it('leaves places alone that no words announce, where asked to', () => {
    expect(mostTrusted('so $x$', { tryExtractWithoutAnchor: false })).toEqual([]);
    expect(mostTrusted('answer $x$', { tryExtractWithoutAnchor: false })).toEqual(['x']);
  });
});
