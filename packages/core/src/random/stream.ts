import { DoppioError } from '../errors/doppio-error.js';
import type { RandomKey } from './key.js';
import { blockInto, prepareKey, type PreparedKey } from './keyed.js';

/** Blocks of four words that one key has. */
const BLOCKS = 2 ** 32;

/**
 * Random numbers one after the other, for uses without a natural position (shuffling, initial values). A stream and
 * `uniformAt` of the same key read the same words: give each its own purpose.
 */
export class RandomStream {
  private readonly key: PreparedKey;
  private readonly words = new Uint32Array(4);
  private block = 0;
  private used = 4;

  /** @throws DoppioError RANDOM_KEY */
  constructor(key: RandomKey) {
    this.key = prepareKey(key);
  }

  /** Uniform in [0, 1) with 53 bits. */
  next(): number {
    const high = this.word() >>> 5;
    const low = this.word() >>> 6;
    return (high * 2 ** 26 + low) * 2 ** -53;
  }

  /**
   * Uniform integer in [0, n), without bias: words of the incomplete last range are drawn again.
   *
   * @param n - integer in [1, 2^32]
   * @throws DoppioError RANDOM_RANGE
   */
  integer(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > 2 ** 32)
      throw new DoppioError('RANDOM_RANGE', {
        what: 'The number of values of a random integer must be an integer in [1, 2^32].',
        where: 'RandomStream.integer(n)',
        seen: String(n),
        fix: 'Draw from a range that is not empty and fits in 32 bits.',
      });
    const limit = 2 ** 32 - (2 ** 32 % n);
    let word = this.word();
    while (word >= limit) word = this.word();
    return word % n;
  }

  /** Standard normal, by the transform of Box and Muller (1958). */
  normal(): number {
    // 1 - next() is in (0, 1], so that the logarithm is finite.
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    return radius * Math.cos(2 * Math.PI * this.next());
  }

  /** Shuffles in place (Fisher and Yates) and returns the same array. */
  shuffle<T>(items: T[]): T[] {
    for (let i = items.length - 1; i > 0; i -= 1) {
      const j = this.integer(i + 1);
      const held = items[i] as T;
      items[i] = items[j] as T;
      items[j] = held;
    }
    return items;
  }

  private word(): number {
    if (this.used === 4) {
      if (this.block === BLOCKS)
        throw new DoppioError('RANDOM_RANGE', {
          what: 'A stream of random numbers is used up.',
          where: 'RandomStream',
          seen: '2^34 words drawn; further ones would repeat the first',
          fix: 'Split the work over several keys, for example by prompt or sample.',
        });
      blockInto(this.words, this.key, this.block);
      this.block += 1;
      this.used = 0;
    }
    this.used += 1;
    return this.words[this.used - 1] as number;
  }
}

/** A stream that starts at the first number of `key`. @throws DoppioError RANDOM_KEY */
export function createStream(key: RandomKey): RandomStream {
  return new RandomStream(key);
}
