import { describe, expect, it } from 'vitest';
import { createStream } from './stream.js';

const stream = (seed = 1) => createStream({ seed, purpose: 'test' });

describe('RandomStream', () => {
  it('repeats itself from the same key, and not from another', () => {
    const draw = (seed: number): number[] => {
      const from = stream(seed);
      return Array.from({ length: 20 }, () => from.next());
    };
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });

  it('draws 53-bit uniforms with the mean and variance of the uniform distribution', () => {
    const from = stream();
    const values = Array.from({ length: 100_000 }, () => from.next());
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / values.length));
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(0.002);
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
    expect(values.some((value) => !Number.isInteger(value * 2 ** 32))).toBe(true);
  });

  it('draws integers without bias, also where n does not divide 2^32', () => {
    const from = stream();
    // With plain `word % n`, values below 2^30 would come twice as often as those above.
    const n = 3 * 2 ** 30;
    const low = Array.from({ length: 20_000 }, () => from.integer(n)).filter(
      (value) => value < 2 ** 30,
    ).length;
    expect(Math.abs(low / 20_000 - 1 / 3)).toBeLessThan(4 * Math.sqrt(2 / 9 / 20_000));
    expect(from.integer(1)).toBe(0);
    expect(from.integer(2 ** 32)).toBeLessThan(2 ** 32);
  });

  it.each([0, -1, 1.5, 2 ** 32 + 1, Number.NaN])('refuses a range of %d values', (n) => {
    expect(() => stream().integer(n)).toThrow(/RANDOM_RANGE/);
  });

  it('draws normals with the first four moments of the standard normal', () => {
    const from = stream();
    const n = 100_000;
    const moments = [0, 0, 0, 0];
    for (let i = 0; i < n; i += 1) {
      const z = from.normal();
      for (let k = 0; k < 4; k += 1) moments[k]! += z ** (k + 1) / n;
    }
    const [m1, m2, m3, m4] = moments as [number, number, number, number];
    // Four standard errors: Var z = 1, Var z^2 = 2, Var z^3 = 15, Var z^4 = 96.
    const bound = (variance: number): number => 4 * Math.sqrt(variance / n);
    expect(Math.abs(m1)).toBeLessThan(bound(1));
    expect(Math.abs(m2 - 1)).toBeLessThan(bound(2));
    expect(Math.abs(m3)).toBeLessThan(bound(15));
    expect(Math.abs(m4 - 3)).toBeLessThan(bound(96));
  });

  it('shuffles in place, each of the 24 orders of 4 things equally often', () => {
    const from = stream();
    const counts = new Map<string, number>();
    for (let i = 0; i < 24_000; i += 1) {
      const items = [0, 1, 2, 3];
      expect(from.shuffle(items)).toBe(items);
      counts.set(items.join(''), (counts.get(items.join('')) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    const statistic = [...counts.values()].reduce((sum, seen) => sum + (seen - 1000) ** 2 / 1000, 0);
    // 23 degrees of freedom, 0.9999 quantile.
    expect(statistic).toBeLessThan(58);
  });

  it('ends rather than begins again after 2^34 words', () => {
    const from = stream();
    (from as unknown as { block: number }).block = 2 ** 32 - 1;
    for (let i = 0; i < 4; i += 1) from.integer(2 ** 32);
    expect(() => from.integer(2)).toThrow(/RANDOM_RANGE[^]*used up/);
  });
});
