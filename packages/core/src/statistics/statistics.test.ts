import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createStream } from '../random/stream.js';
import { wilsonInterval, type Interval } from './interval.js';
import { normalCdf, normalQuantile } from './normal.js';
import { bonettPriceInterval, pairedDifference } from './paired-difference.js';
import { passAtOne } from './pass-at-one.js';
import { signFlipPValue } from './sign-flip.js';
import { binomialCdf, incompleteBeta, logBinomial, logGamma } from './special.js';
import { studentTCdf, studentTQuantile } from './student-t.js';

interface PairedCase {
  readonly first: number[];
  readonly second: number[];
  readonly difference: number;
  readonly method: string;
  readonly pValue: number;
  readonly interval: Interval;
}

/** Made by tools/golden/statistics.py with SciPy. */
const reference = JSON.parse(
  readFileSync(new URL('../../test/fixtures/statistics.json', import.meta.url), 'utf8'),
) as Readonly<{
  logGamma: [number, number][];
  binomialCdf: [number, number, number, number][];
  incompleteBeta: [number, number, number, number][];
  normalCdf: [number, number][];
  normalQuantile: [number, number][];
  studentTCdf: [number, number, number][];
  studentTQuantile: [number, number, number][];
  wilson: [number, number, number, Interval][];
  clustered: { fractions: number[]; mean: number; interval: Interval }[];
  paired: PairedCase[];
  pairedLarge: PairedCase;
}>;

function expectClose(actual: number, expected: number, tolerance: number, label: string): void {
  const error = Math.abs(actual - expected) / Math.max(Math.abs(expected), 1e-300);
  const close = actual === expected || error <= tolerance || Math.abs(actual - expected) < 1e-15;
  expect(close, `${label}: ${actual} is not ${expected}`).toBe(true);
}

function expectInterval(actual: Interval, expected: Interval, label: string): void {
  expectClose(actual[0], expected[0], 1e-9, `${label}, lower end`);
  expectClose(actual[1], expected[1], 1e-9, `${label}, upper end`);
}

describe('special functions and quantiles agree with SciPy', () => {
  it('logGamma', () => {
    for (const [x, value] of reference.logGamma) expectClose(logGamma(x), value, 1e-12, `logGamma(${x})`);
  });
  it('binomialCdf and logBinomial', () => {
    for (const [k, n, p, value] of reference.binomialCdf)
      expectClose(binomialCdf(k, n, p), value, 1e-10, `binomialCdf(${k}, ${n}, ${p})`);
    expect(logBinomial(5, 2)).toBeCloseTo(Math.log(10), 13);
    expect(logBinomial(5, 6)).toBe(-Infinity);
    expect(binomialCdf(-1, 5, 0.5)).toBe(0);
  });
  it('incompleteBeta', () => {
    for (const [a, b, x, value] of reference.incompleteBeta)
      expectClose(incompleteBeta(a, b, x), value, 1e-9, `I_${x}(${a}, ${b})`);
  });
  it('normal', () => {
    for (const [z, value] of reference.normalCdf) expectClose(normalCdf(z), value, 1e-11, `normalCdf(${z})`);
    for (const [p, value] of reference.normalQuantile)
      // 1 - 1e-9 itself is only known to 1e-16.
      expectClose(normalQuantile(p), value, 1e-8, `normalQuantile(${p})`);
    expect([normalQuantile(0), normalQuantile(1), normalQuantile(1.1)]).toEqual([
      -Infinity,
      Infinity,
      Number.NaN,
    ]);
  });
  it("Student's t", () => {
    for (const [t, degrees, value] of reference.studentTCdf)
      expectClose(studentTCdf(t, degrees), value, 1e-9, `studentTCdf(${t}, ${degrees})`);
    for (const [p, degrees, value] of reference.studentTQuantile)
      expectClose(studentTQuantile(p, degrees), value, 1e-9, `studentTQuantile(${p}, ${degrees})`);
  });
});

describe('passAtOne', () => {
  it("gives Wilson's interval for one sample per problem", () => {
    for (const [k, n, level, interval] of reference.wilson) {
      expectInterval(wilsonInterval(k, n, level), interval, `${k} of ${n}`);
      const fractions = Array.from({ length: n }, (_, i) => (i < k ? 1 : 0));
      const result = passAtOne(fractions, level);
      expect(result).toMatchObject({ mean: k / n, method: 'wilson', problems: n });
      expectInterval(result.interval, interval, `passAtOne, ${k} of ${n}`);
    }
  });

  it("gives Student's t over problems for several samples", () => {
    for (const { fractions, mean, interval } of reference.clustered) {
      const result = passAtOne(fractions);
      expect(result.method).toBe('clustered-t');
      expectClose(result.mean, mean, 1e-12, 'mean');
      expectInterval(result.interval, [Math.max(0, interval[0]), Math.min(1, interval[1])], 'clustered');
    }
  });

  it('never claims certainty: equal fractions and a single problem still have an interval', () => {
    for (const fractions of [[0.5, 0.5, 0.5], [0.25], [0, 0], [1]]) {
      const { mean, interval } = passAtOne(fractions);
      expect(interval[1] - interval[0]).toBeGreaterThan(0.3);
      expect(interval[0] <= mean && mean <= interval[1]).toBe(true);
    }
  });

  it.each([[[]], [[0.5, 1.5]], [[Number.NaN]]])('refuses %j', (fractions) => {
    expect(() => passAtOne(fractions)).toThrow(/STATISTICS_INPUT/);
  });

  it('covers the true mean at the level it claims', () => {
    const stream = createStream({ seed: 3, purpose: 'coverage' });
    // Problems differ in difficulty: p is drawn from {0, ..., 1}, mean 0.4.
    const difficulties = [0, 0.1, 0.3, 0.6, 1];
    const coverage = (problems: number, samples: number): number => {
      let covered = 0;
      for (let run = 0; run < 1500; run += 1) {
        const fractions = Array.from({ length: problems }, () => {
          const p = difficulties[stream.integer(5)] as number;
          let correct = 0;
          for (let s = 0; s < samples; s += 1) if (stream.next() < p) correct += 1;
          return correct / samples;
        });
        const [low, high] = passAtOne(fractions).interval;
        if (low <= 0.4 && 0.4 <= high) covered += 1;
      }
      return covered / 1500;
    };
    for (const [problems, samples] of [
      [30, 1],
      [30, 4],
      [100, 8],
    ] as const) {
      const rate = coverage(problems, samples);
      // Four standard errors of the simulation about 0.95 are 0.022.
      expect(rate, `${problems} problems, ${samples} samples`).toBeGreaterThan(0.92);
      expect(rate, `${problems} problems, ${samples} samples`).toBeLessThan(0.98);
    }
  });
});

describe('pairedDifference', () => {
  it('agrees with SciPy', () => {
    for (const expected of reference.paired) {
      const result = pairedDifference(expected.first, expected.second);
      const label = `${expected.method}, ${expected.first.length} problems`;
      expect(result.method).toBe(expected.method);
      expectClose(result.difference, expected.difference, 1e-12, `${label}, difference`);
      expectClose(result.pValue, expected.pValue, 1e-10, `${label}, p`);
      expectInterval(result.interval, expected.interval, label);
    }
  });

  it('approaches the exact sign-flip p-value by random flips, the same ones for the same seed', () => {
    const { first, second, pValue } = reference.pairedLarge;
    const result = pairedDifference(first, second);
    expect(result.method).toBe('sign-flip');
    expect(Math.abs(result.pValue - pValue)).toBeLessThan(4 * Math.sqrt((pValue * (1 - pValue)) / 20_000));
    expect(pairedDifference(first, second).pValue).toBe(result.pValue);
    expect(pairedDifference(first, second, { seed: 1 }).pValue).not.toBe(result.pValue);
  });

  it('goes over to the normal distribution without a jump', () => {
    const stream = createStream({ seed: 5, purpose: 'normal' });
    const first = Array.from({ length: 1001 }, () => stream.integer(5) / 4);
    const second = first.map((value) => Math.min(1, Math.max(0, value + (stream.integer(3) - 1 + 0.06) / 4)));
    const result = pairedDifference(first, second);
    expect(result.method).toBe('normal');
    const flips = signFlipPValue(second.map((value, i) => value - (first[i] as number)));
    expect(Math.abs(result.pValue - flips)).toBeLessThan(0.02);
  });

  it('swaps sign with its arguments', () => {
    const { first, second } = reference.paired[3] as PairedCase;
    const [there, back] = [pairedDifference(first, second), pairedDifference(second, first)];
    expect(back.difference).toBe(-there.difference);
    expect(back.pValue).toBe(there.pValue);
    expect(back.interval[0]).toBeCloseTo(-there.interval[1], 14);
  });

  it('says "unknown", not "equal", where nothing changed', () => {
    const same = pairedDifference([0, 1, 1], [0, 1, 1]);
    expect(same).toMatchObject({ difference: 0, pValue: 1 });
    expect(same.interval[0]).toBeLessThan(-0.3);
    const shifted = pairedDifference([0.25, 0.25], [0.5, 0.5]);
    expect(shifted.interval[0]).toBeLessThan(0);
    expect(shifted.pValue).toBe(0.5);
  });

  it('covers the true difference at the level it claims, and rejects no more than it should', () => {
    const stream = createStream({ seed: 11, purpose: 'coverage' });
    const runs = 1500;
    let [covered, rejected] = [0, 0];
    for (let run = 0; run < runs; run += 1) {
      // One sample each on 60 problems: better with probability 0.2, worse with 0.1; then no true difference.
      const differences = Array.from({ length: 60 }, () => {
        const u = stream.next();
        return u < 0.2 ? 1 : u < 0.3 ? -1 : 0;
      });
      const [low, high] = bonettPriceInterval(differences);
      if (low <= 0.1 && 0.1 <= high) covered += 1;
      const first = Array.from({ length: 60 }, () => stream.integer(2));
      const second = first.map((value) => (stream.next() < 0.3 ? stream.integer(2) : value));
      if (pairedDifference(first, second).pValue < 0.05) rejected += 1;
    }
    expect(covered / runs).toBeGreaterThan(0.925);
    expect(covered / runs).toBeLessThan(0.98);
    expect(rejected / runs).toBeLessThan(0.06);
  });

  it.each([
    [[], []],
    [[1], [1, 0]],
    [[2], [1]],
    [[1], [Number.NaN]],
  ])('refuses %j against %j', (first, second) => {
    expect(() => pairedDifference(first, second)).toThrow(/STATISTICS_INPUT/);
  });
});
