/** Four 32-bit words, each an integer in [0, 2^32). */
export type Words4 = readonly [number, number, number, number];
/** Two 32-bit words, each an integer in [0, 2^32). */
export type Words2 = readonly [number, number];

const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;

/**
 * High 32 bits of the product of two 32-bit words, as an int32 (same bits). Halves of 16 bits: each partial product
 * plus its carry stays below 2^32, so that all of it is integer arithmetic.
 */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = (Math.imul(aHigh, bLow) + (Math.imul(aLow, bLow) >>> 16)) | 0;
  const other = (Math.imul(aLow, bHigh) + (middle & 0xffff)) | 0;
  return (Math.imul(aHigh, bHigh) + (middle >>> 16) + (other >>> 16)) | 0;
}

/** {@link philox4x32} without allocating: writes the four words to `out`, [4]. */
export function philoxInto(
  out: Uint32Array,
  counter0: number,
  counter1: number,
  counter2: number,
  counter3: number,
  key0: number,
  key1: number,
): void {
  let c0 = counter0 | 0;
  let c1 = counter1 | 0;
  let c2 = counter2 | 0;
  let c3 = counter3 | 0;
  let k0 = key0 | 0;
  let k1 = key1 | 0;
  for (let round = 0; round < 10; round += 1) {
    const high0 = multiplyHigh(MULTIPLIER_0, c0);
    const low0 = Math.imul(MULTIPLIER_0, c0);
    const high1 = multiplyHigh(MULTIPLIER_1, c2);
    const low1 = Math.imul(MULTIPLIER_1, c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + WEYL_0) | 0;
    k1 = (k1 + WEYL_1) | 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

const scratch = new Uint32Array(4);

/**
 * Philox4x32-10, the counter-based generator of Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (2011):
 * a keyed bijection of 128-bit counters, so that any random number can be had without those before it.
 *
 * @param counter - 128 bits, least significant word first
 * @param key - 64 bits, least significant word first
 * @returns four words in [0, 2^32)
 */
export function philox4x32(counter: Words4, key: Words2): [number, number, number, number] {
  philoxInto(scratch, counter[0], counter[1], counter[2], counter[3], key[0], key[1]);
  return [scratch[0] as number, scratch[1] as number, scratch[2] as number, scratch[3] as number];
}
