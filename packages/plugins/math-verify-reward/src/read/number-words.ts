import { lookUp } from './look-up.js';
import { exact, integer } from '../answer/build.js';
import type { Expression } from '../answer/expression.js';
import { rational } from '../values/rational.js';

/** Numbers in words, as answers and bases have them. */
export const NUMBER_WORDS: Readonly<Record<string, number>> = {
  zero: 0,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
  thirteen: 13,
  fourteen: 14,
  fifteen: 15,
  sixteen: 16,
  seventeen: 17,
  eighteen: 18,
  nineteen: 19,
  twenty: 20,
  thirty: 30,
  forty: 40,
  fifty: 50,
  sixty: 60,
  seventy: 70,
  eighty: 80,
  ninety: 90,
};

/** Words that multiply the number before them. */
export const MULTIPLIERS: Readonly<Record<string, bigint>> = {
  dozen: 12n,
  hundred: 100n,
  thousand: 1000n,
  million: 1_000_000n,
  millions: 1_000_000n,
  billion: 1_000_000_000n,
  billions: 1_000_000_000n,
  trillion: 1_000_000_000_000n,
};

/** Words that make a fraction of the number before them: what it is divided by. */
const DIVISORS: Readonly<Record<string, number>> = {
  half: 2,
  halves: 2,
  third: 3,
  thirds: 3,
  quarter: 4,
  quarters: 4,
  fourth: 4,
  fourths: 4,
  fifth: 5,
  fifths: 5,
  sixth: 6,
  sixths: 6,
  eighth: 8,
  eighths: 8,
  tenth: 10,
  tenths: 10,
};

/** Words that one number may have; more are no number. */
export const MOST_NUMBER_WORDS = 16;

/** `twenty one`, `one hundred and twenty`, `two thirds`, in lower case; undefined for anything else. */
export function numberInWords(words: readonly string[]): Expression | undefined {
  if (words.length > MOST_NUMBER_WORDS) return undefined;
  const last = words[words.length - 1] ?? '';
  if (words.length === 2 && Object.hasOwn(DIVISORS, last)) {
    const top = lookUp(NUMBER_WORDS, words[0] ?? '');
    return top === undefined ? undefined : exact(rational(BigInt(top), BigInt(DIVISORS[last] ?? 1)));
  }
  // Groups of three digits, the larger first: `total` holds those that are closed, `group` the one that is open.
  let [total, group] = [0n, 0n];
  // What the next word must stay below to add to the group: after "twenty" only "one" to "nine" can follow.
  let [room, closed] = [1000n, 1_000_000_000_000_000n];
  for (const [at, word] of words.entries()) {
    const unit = lookUp(NUMBER_WORDS, word);
    const by = lookUp(MULTIPLIERS, word);
    if (unit !== undefined && BigInt(unit) < room && (unit !== 0 || words.length === 1)) {
      group += BigInt(unit);
      room = unit >= 20 ? 10n : 0n;
    } else if (word === 'hundred' && group > 0n && group < 100n && group % 10n !== 0n) {
      group *= 100n;
      room = 100n;
    } else if (by !== undefined && by >= 1000n && by < closed && group > 0n) {
      total += group * by;
      [group, room, closed] = [0n, 1000n, by];
    } else if (word !== 'and' || at === words.length - 1 || !isScale(words[at - 1])) return undefined;
  }
  return integer(total + group);
}

function isScale(word = ''): boolean {
  return Object.hasOwn(MULTIPLIERS, word);
}
