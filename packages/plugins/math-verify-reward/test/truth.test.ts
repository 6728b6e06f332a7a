import { describe, expect, it } from 'vitest';
import { verify } from '../src/verify.js';
import { CATEGORIES, describeWrong, judgeTruth, readTruth, truthTable } from './truth-table.js';

const results = judgeTruth();

describe('the truth set', () => {
  it('is large, balanced and has no pair twice', () => {
    const pairs = CATEGORIES.flatMap((category) => readTruth(category));
    const counted = pairs.filter((pair) => !pair.debatable);
    const share = counted.filter((pair) => pair.equal).length / counted.length;
    expect(counted.length).toBeGreaterThanOrEqual(450);
    expect(share).toBeGreaterThan(0.4);
    expect(share).toBeLessThan(0.6);
    expect(new Set(pairs.map(({ id }) => id)).size).toBe(pairs.length);
    expect(new Set(pairs.map(({ gold, prediction }) => `${gold}\0${prediction}`)).size).toBe(pairs.length);
  });

  it.each(results.map((result) => [result.category, result] as const))('%s', (_, { judged }) => {
    expect(judged.filter(({ right }) => !right).map(describeWrong)).toEqual([]);
  });

  it('gives a verdict on every debatable pair, whichever it is', () => {
    const unread = results.flatMap(({ debatable }) =>
      debatable.filter(
        ({ result }) => result.verdict === 'gold-unreadable' || result.verdict === 'undecided',
      ),
    );
    expect(unread.map(describeWrong)).toEqual([]);
    console.log(truthTable(results));
  });
});

const filler = 'Let us look at the next case, which needs a little more care than the one before it. '.repeat(
  20,
);
const candidates = Array.from({ length: 1000 }, (_, n) => `\\boxed{${n}}`);

/** Listings of a thousand candidates: whichever way they are strung together, 500 is not the answer of one. */
const listings: readonly (readonly [string, string])[] = [
  ['nothing between', candidates.join('')],
  ['spaces', candidates.join(' ')],
  ['commas', candidates.join(', ')],
  ['line breaks', candidates.join('\n')],
  ['paragraphs', candidates.join('\n\n')],
  ['"or"', candidates.join(' or ')],
  ['sentences', candidates.map((box) => `Perhaps it is ${box}.`).join(' ')],
  ['corrections', candidates.map((box) => `${box}. No, wait, that is not right.`).join(' ')],
  ['paragraphs of filler', candidates.join(`\n\n${filler}\n\n`)],
  ['one box', `\\boxed{${Array.from({ length: 1000 }, (_, n) => n).join(',')}}`],
  ['boxes in a box', `\\boxed{${candidates.join(' ')}}`],
  ['boxes in text', `\\text{${candidates.join(' ')}}`],
  ['boxes in one another', '\\boxed{'.repeat(40) + '500' + ' 1}'.repeat(40)],
];

describe('a thousand candidate boxes', () => {
  it.each(listings)('with %s do not pass for one of them', (_, text) => {
    expect(verify('500', text).verdict).not.toBe('equal');
    expect(verify('0', text).verdict).not.toBe('equal');
  });

  it('with little between them do not pass for the last one either', () => {
    const close = listings.filter(([name]) => !/paragraphs of filler|one another/.test(name));
    expect(close.filter(([, text]) => verify('999', text).verdict === 'equal').map(([name]) => name)).toEqual(
      [],
    );
  });
});
