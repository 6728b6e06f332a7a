import { describe, expect, it } from 'vitest';
import { DoppioError } from '../errors/doppio-error.js';
import type { RandomKey } from './key.js';
import { fillUniforms, uniformAt } from './keyed.js';

const key: RandomKey = { seed: 42, purpose: 'rollout', step: 3, prompt: 5, sample: 7 };

function uniforms(of: RandomKey, count: number, first = 0): Float32Array {
  const out = new Float32Array(count);
  fillUniforms(out, of, first);
  return out;
}

/** Pearson's correlation of two equally long series. */
function correlation(x: Float32Array, y: Float32Array): number {
  const mean = (values: Float32Array): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  let [xy, xx, yy] = [0, 0, 0];
  x.forEach((value, i) => {
    const [dx, dy] = [value - mx, (y[i] as number) - my];
    xy += dx * dy;
    xx += dx * dx;
    yy += dy * dy;
  });
  return xy / Math.sqrt(xx * yy);
}

describe('uniformAt and fillUniforms', () => {
  it('stay the same from release to release', () => {
    // Values of this mapping when it was fixed: a change here would change every seeded run.
    expect([...uniforms(key, 6)].map((value) => value * 2 ** 24)).toEqual([
      10189429, 3514841, 5612589, 6491553, 5471125, 8977952,
    ]);
  });

  it('give the same numbers, wherever a fill begins', () => {
    const all = uniforms(key, 64);
    for (const first of [0, 1, 2, 3, 4, 17])
      expect([...uniforms(key, 13, first)]).toEqual([...all.subarray(first, first + 13)]);
    for (const position of [0, 3, 4, 63]) expect(uniformAt(key, position)).toBe(all[position]);
  });

  it('are multiples of 2^-24 in [0, 1), exact in f32', () => {
    for (const value of uniforms(key, 10_000)) {
      expect(Number.isInteger(value * 2 ** 24)).toBe(true);
      expect(value >= 0 && value < 1).toBe(true);
    }
  });

  it('are uniform: chi-square over 256 bins of 2^18 numbers', () => {
    const bins = new Float64Array(256);
    const count = 2 ** 18;
    for (const value of uniforms(key, count)) bins[Math.floor(value * 256)]! += 1;
    const expected = count / 256;
    const statistic = bins.reduce((sum, seen) => sum + (seen - expected) ** 2 / expected, 0);
    // 255 degrees of freedom: the 0.0001 and 0.9999 quantiles are 178 and 347.
    expect(statistic).toBeGreaterThan(178);
    expect(statistic).toBeLessThan(347);
  });

  it.each<[string, Partial<RandomKey>]>([
    ['seed', { seed: 43 }],
    ['seed above 32 bits', { seed: 42 + 2 ** 32 }],
    ['purpose', { purpose: 'rollouu' }],
    ['order of the letters', { purpose: 'rollotu' }],
    ['step', { step: 4 }],
    ['prompt', { prompt: 4 }],
    ['sample', { sample: 6 }],
    ['swapped places', { step: 7, sample: 3 }],
  ])('change wholly with the %s', (_, change) => {
    const [x, y] = [uniforms(key, 20_000), uniforms({ ...key, ...change }, 20_000)];
    expect(Math.abs(correlation(x, y))).toBeLessThan(4 / Math.sqrt(x.length));
  });

  it('do not correlate with their neighbours', () => {
    const all = uniforms(key, 20_001);
    for (const lag of [1, 2, 3, 4]) {
      const [x, y] = [all.subarray(0, 19_000), all.subarray(lag, 19_000 + lag)];
      expect(Math.abs(correlation(x, y))).toBeLessThan(4 / Math.sqrt(x.length));
    }
  });

  it('count left-out parts of a key as 0', () => {
    expect(uniformAt({ seed: 1, purpose: 'a' }, 9)).toBe(
      uniformAt({ seed: 1, purpose: 'a', step: 0, prompt: 0, sample: 0 }, 9),
    );
  });

  it.each<[string, Partial<RandomKey>, number]>([
    ['seed', { seed: -1 }, 0],
    ['seed', { seed: 1.5 }, 0],
    ['seed', { seed: 2 ** 53 }, 0],
    ['step', { step: -1 }, 0],
    ['prompt', { prompt: 0.5 }, 0],
    ['sample', { sample: 2 ** 32 }, 0],
    ['position', {}, -1],
    ['position', {}, 0.5],
    ['position', {}, Number.NaN],
  ])('refuse a bad %s: %j at %d', (part, change, position) => {
    const draw = (): number => uniformAt({ ...key, ...change }, position);
    expect(draw).toThrow(DoppioError);
    expect(draw).toThrow(new RegExp(`RANDOM_KEY[^]*${part}`));
  });
});
