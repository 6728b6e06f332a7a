import { describe, expect, it } from 'vitest';
import {
  bfloatToFloat,
  decodeFloats,
  encodeFloats,
  floatToBfloat,
  floatToHalf,
  halfToFloat,
} from './convert.js';

describe('f16', () => {
  it('every finite bit pattern survives a round trip', () => {
    const patterns = Array.from({ length: 0x10000 }, (_, bits) => bits);
    const numbers = patterns.filter((bits) => !Number.isNaN(halfToFloat(bits)));
    expect(numbers.filter((bits) => floatToHalf(halfToFloat(bits)) !== bits)).toEqual([]);
    expect(numbers).toHaveLength(0x10000 - 2 * 1023);
  });

  it('rounds to nearest, ties to even, as numpy does', () => {
    // numpy.float32(x).astype(numpy.float16).view(numpy.uint16)
    const cases: readonly (readonly [number, number])[] = [
      [0.1, 0x2e66],
      [1 / 3, 0x3555],
      [65504, 0x7bff],
      [65519.996, 0x7bff],
      [65520, 0x7c00],
      [2049, 0x6800],
      [2051, 0x6802],
      [2 ** -24, 1],
      [2 ** -25, 0],
      [2 ** -25 * 1.0001, 1],
      [3 * 2 ** -25, 2],
      [6.103515625e-5, 0x0400],
      [6.1e-5, 0x03ff],
      [-1e-9, 0x8000],
      [Infinity, 0x7c00],
      [-Infinity, 0xfc00],
    ];
    for (const [value, bits] of cases) expect(floatToHalf(value), String(value)).toBe(bits);
    expect(halfToFloat(floatToHalf(NaN))).toBeNaN();
  });
});

describe('bf16', () => {
  it('every bit pattern that is a number survives a round trip', () => {
    const patterns = Array.from({ length: 0x10000 }, (_, bits) => bits);
    const numbers = patterns.filter((bits) => !Number.isNaN(bfloatToFloat(bits)));
    expect(numbers.filter((bits) => floatToBfloat(bfloatToFloat(bits)) !== bits)).toEqual([]);
    expect(numbers).toHaveLength(0x10000 - 2 * 127);
  });

  it('rounds to nearest, ties to even', () => {
    expect(floatToBfloat(1 + 2 ** -8)).toBe(0x3f80);
    expect(floatToBfloat(1 + 3 * 2 ** -8)).toBe(0x3f82);
    expect(floatToBfloat(1 + 2 ** -8 + 2 ** -20)).toBe(0x3f81);
    expect(floatToBfloat(3.4028234663852886e38)).toBe(0x7f80);
    expect(bfloatToFloat(floatToBfloat(NaN))).toBeNaN();
  });
});

it.each([
  ['F16', halfToFloat],
  ['BF16', bfloatToFloat],
] as const)(
  'every %s pattern is read as its value, subnormal numbers, infinities and NaN too',
  (dtype, valueOf) => {
    const patterns = Uint16Array.from({ length: 0x10000 }, (_, bits) => bits);
    const out = new Float32Array(0x10000);
    decodeFloats(dtype, new Uint8Array(patterns.buffer), out, 0);
    expect(out).toEqual(Float32Array.from(patterns, valueOf));
    // struct.unpack('<e', ...) of Python, and the upper half of a float
    const known = dtype === 'F16' ? [1, 0x3ff, 0x7c00, 0xfc00] : [1, 0x7f, 0x7f80, 0xff80];
    const values =
      dtype === 'F16'
        ? [2 ** -24, 1023 * 2 ** -24, Infinity, -Infinity]
        : [2 ** -133, 127 * 2 ** -133, Infinity, -Infinity];
    expect(known.map((bits) => out[bits])).toEqual(values);
    expect([0x7fc0, 0xffc1, 0x7fff].map((bits) => out[bits])).toEqual([NaN, NaN, NaN]);
  },
);

it.each(['F32', 'F16', 'BF16', 'F64'] as const)(
  '%s bytes decode to the values they were made of',
  (dtype) => {
    const data = new Float32Array([0, -0, 1, -1.5, 0.0078125, 1024, Infinity]);
    const bytes = encodeFloats(dtype, data);
    const out = new Float32Array(data.length + 1);
    decodeFloats(dtype, bytes, out, 1);
    expect(out.subarray(1)).toEqual(data);
  },
);
