import { DoppioError } from '../errors/doppio-error.js';
import type { RandomKey } from './key.js';
import { philox4x32, philoxInto, type Words2 } from './philox.js';

/** 2^-24: uniforms have 24 bits, so that they are exact in f32. */
const UNIT = 2 ** -24;

/**
 * A {@link RandomKey} as Philox takes it. Its key is a 64-bit hash of (seed, purpose); its counter is
 * (position / 4, sample, prompt, step), so that no two numbers of a run can share a counter by accident.
 */
export interface PreparedKey {
  readonly words: Words2;
  readonly step: number;
  readonly prompt: number;
  readonly sample: number;
}

/** Checks a key and hashes (seed, purpose) once, for drawing many numbers. @throws DoppioError RANDOM_KEY */
export function prepareKey(key: RandomKey): PreparedKey {
  return {
    words: keyWords(key),
    step: counterWord(key, 'step'),
    prompt: counterWord(key, 'prompt'),
    sample: counterWord(key, 'sample'),
  };
}

/** Writes the four random words at positions `4 block .. 4 block + 3` to `out`, [4]. */
export function blockInto(out: Uint32Array, key: PreparedKey, block: number): void {
  philoxInto(out, block, key.sample, key.prompt, key.step, key.words[0], key.words[1]);
}

/**
 * The uniform in [0, 1) of a key and a position: a multiple of 2^-24. It is the same on every machine and does not
 * depend on what else was drawn.
 *
 * @param position - integer in [0, 2^34)
 * @throws DoppioError RANDOM_KEY
 */
export function uniformAt(key: RandomKey, position: number): number {
  const out = new Float32Array(1);
  fillUniforms(out, key, position);
  return out[0] as number;
}

/** Fills `out` with the uniforms of positions `first`, `first + 1`, ...: the same numbers as {@link uniformAt}. */
export function fillUniforms(out: Float32Array, key: RandomKey, first: number): void {
  if (!Number.isInteger(first) || first < 0 || first + out.length > 2 ** 34)
    throw badKey('A position of random numbers must be an integer in [0, 2^34)', 'position', first);
  const prepared = prepareKey(key);
  const words = new Uint32Array(4);
  let block = Math.floor(first / 4);
  let lane = first % 4;
  blockInto(words, prepared, block);
  for (let i = 0; i < out.length; i += 1) {
    if (lane === 4) {
      lane = 0;
      block += 1;
      blockInto(words, prepared, block);
    }
    out[i] = ((words[lane] as number) >>> 8) * UNIT;
    lane += 1;
  }
}

/** Two 32-bit hashes of the purpose (multiply and exclusive-or), then mixed with the seed by Philox itself. */
function keyWords({ seed, purpose }: RandomKey): Words2 {
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw badKey('A seed must be a non-negative safe integer', 'seed', seed);
  let a = 0x811c9dc5;
  let b = 0x01000193;
  for (let i = 0; i < purpose.length; i += 1) {
    a = Math.imul(a ^ purpose.charCodeAt(i), 0x01000193);
    b = Math.imul(b ^ purpose.charCodeAt(i), 0x5bd1e995);
  }
  const seedWords: Words2 = [seed >>> 0, Math.floor(seed / 2 ** 32)];
  const [x, y] = philox4x32([a >>> 0, b >>> 0, purpose.length, 0], seedWords);
  return [x, y];
}

function counterWord(key: RandomKey, part: 'step' | 'prompt' | 'sample'): number {
  const value = key[part] ?? 0;
  if (!Number.isInteger(value) || value < 0 || value >= 2 ** 32)
    throw badKey(`The ${part} of a random key must be an integer in [0, 2^32)`, part, value);
  return value;
}

function badKey(what: string, part: string, seen: unknown): DoppioError {
  return new DoppioError('RANDOM_KEY', {
    what: `${what}.`,
    where: `random key, ${part}`,
    seen: String(seen),
    fix: `Give a whole number in that range as ${part}.`,
  });
}
