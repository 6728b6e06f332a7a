import type { RandomKey } from './key.js';
import { philox4x32, type Words2, type Words4 } from './philox.js';

/** 2^-24: uniforms have 24 bits, so that they are exact in f32. */
const UNIT = 2 ** -24;

/** Philox's key from (seed, purpose): FNV-1a over both, each half finished by Philox itself. */
function keyWords({ seed, purpose }: RandomKey): Words2 {
  if (!Number.isSafeInteger(seed) || seed < 0) throw new RangeError(`a seed must be a non-negative safe integer, not ${String(seed)}`);
  let [a, b] = [0x811c9dc5, 0x01000193];
  for (let i = 0; i < purpose.length; i += 1) {
    a = Math.imul(a ^ purpose.charCodeAt(i), 0x01000193);
    b = Math.imul(b ^ purpose.charCodeAt(i), 0x5bd1e995);
  }
  const [x, y] = philox4x32([a >>> 0, b >>> 0, purpose.length, 0], [seed >>> 0, Math.floor(seed / 2 ** 32)]);
  return [x, y];
}

/** Precomputed part of a key, for drawing many numbers. */
interface Prepared {
  readonly words: Words2;
  readonly step: number;
  readonly prompt: number;
  readonly sample: number;
}

function prepare(key: RandomKey): Prepared {
  return { words: keyWords(key), step: key.step ?? 0, prompt: key.prompt ?? 0, sample: key.sample ?? 0 };
}

/** Four random words at positions 4 block .. 4 block + 3. */
function blockAt({ words, step, prompt, sample }: Prepared, block: number): [number, number, number, number] {
  const counter: Words4 = [block >>> 0, sample >>> 0, prompt >>> 0, step >>> 0];
  return philox4x32(counter, words);
}

/** The uniform in [0, 1) of a key and a position: a multiple of 2^-24. */
export function uniformAt(key: RandomKey, position: number): number {
  return ((blockAt(prepare(key), Math.floor(position / 4))[position % 4] as number) >>> 8) * UNIT;
}

/** Fills `out` with the uniforms of positions `first`, `first + 1`, ...: the same numbers as {@link uniformAt}. */
export function fillUniforms(out: Float32Array, key: RandomKey, first: number): void {
  const prepared = prepare(key);
  let block = -1;
  let words: [number, number, number, number] = [0, 0, 0, 0];
  for (let i = 0; i < out.length; i += 1) {
    const position = first + i;
    if (Math.floor(position / 4) !== block) {
      block = Math.floor(position / 4);
      words = blockAt(prepared, block);
    }
    out[i] = ((words[position % 4] as number) >>> 8) * UNIT;
  }
}

/** Random numbers one after the other, for uses without a natural position (shuffling, initial values). */
export class RandomStream {
  private readonly prepared: Prepared;
  private block = 0;
  private words: readonly number[] = [];
  private used = 4;

  constructor(key: RandomKey) {
    this.prepared = prepare(key);
  }

  private word(): number {
    if (this.used >= 4) {
      this.words = blockAt(this.prepared, this.block);
      this.block += 1;
      this.used = 0;
    }
    this.used += 1;
    return this.words[this.used - 1] as number;
  }

  /** Uniform in [0, 1) with 53 bits. */
  next(): number {
    const high = this.word() >>> 5;
    const low = this.word() >>> 6;
    return (high * 2 ** 26 + low) * 2 ** -53;
  }

  /** Uniform integer in [0, n), without bias (values of the incomplete last range are drawn again). */
  integer(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > 2 ** 32) throw new RangeError(`integer(n) needs 1 <= n <= 2^32, not ${String(n)}`);
    const limit = 2 ** 32 - (2 ** 32 % n);
    let word = this.word();
    while (word >= limit) word = this.word();
    return word % n;
  }

  /** Standard normal, by Box and Muller's transform. */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    return radius * Math.cos(2 * Math.PI * this.next());
  }

  /** Shuffles in place (Fisher and Yates). */
  shuffle<T>(items: T[]): T[] {
    for (let i = items.length - 1; i > 0; i -= 1) {
      const j = this.integer(i + 1);
      const held = items[i] as T;
      items[i] = items[j] as T;
      items[j] = held;
    }
    return items;
  }
}

export function createStream(key: RandomKey): RandomStream {
  return new RandomStream(key);
}
