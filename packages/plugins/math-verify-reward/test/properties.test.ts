import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verify } from '../src/verify.js';
import { printTree, type Notation } from './print-tree.js';
import { differ, isTame, numericTree, perturb, symbolicTree } from './random-tree.js';
import { Random } from './random.js';

const seed = fc.integer({ min: 0, max: 2 ** 31 - 1 });
const verdict = (gold: string, answer: string): string => {
  const result = verify(gold, `The answer is $\\boxed{${answer}}$.`);
  return 'reason' in result ? `${result.verdict}: ${result.reason}` : result.verdict;
};
/** Fixed seed: a failure here is a failure everywhere. */
const check = (property: fc.IRawProperty<unknown>, numRuns: number): void => {
  fc.assert(property, { seed: 20_241_107, numRuns });
};

const NOTATIONS: readonly (readonly [Notation, Notation])[] = [
  ['latex', 'latex'],
  ['latex', 'plain'],
  ['plain', 'latex'],
];
const KINDS = [
  ['of numbers', numericTree],
  ['in variables', symbolicTree],
] as const;

describe.each(KINDS)('a random expression %s', (_, tree) => {
  it.each(NOTATIONS)('written in %s equals itself written otherwise in %s', (one, other) => {
    const property = fc.property(tree, seed, (expression, n) => {
      const random = new Random(n);
      const gold = printTree(expression, one, random);
      const answer = printTree(expression, other, random);
      expect([gold, answer, verdict(gold, answer)]).toEqual([gold, answer, 'equal']);
    });
    check(property, 500);
  });

  it.each([true, false])('differs from itself with a number changed (by one: %s)', (coarse) => {
    const property = fc.property(tree, seed, (expression, n) => {
      const random = new Random(n);
      const changed = perturb(expression, random.below(100), coarse);
      fc.pre(isTame(changed) && differ(expression, changed));
      const gold = printTree(expression, 'latex', random);
      const answer = printTree(changed, 'latex', random);
      expect([gold, answer, verdict(gold, answer)]).toEqual([gold, answer, 'different']);
    });
    check(property, 500);
  });

  it('gets the same verdict whichever side it stands on', () => {
    const property = fc.property(tree, tree, seed, (first, second, n) => {
      const random = new Random(n);
      const a = printTree(first, 'latex', random);
      const b = printTree(random.chance(0.5) ? second : perturb(first, 0, true), 'latex', random);
      expect([a, b, verdict(a, b)]).toEqual([a, b, verdict(b, a)]);
    });
    check(property, 500);
  });
});

/** Ways to write n / d. */
const FRACTIONS: readonly ((n: number, d: number) => string)[] = [
  (n, d) => `\\frac{${String(n)}}{${String(d)}}`,
  (n, d) => `${String(n)}/${String(d)}`,
  (n, d) => `-\\dfrac{${String(-n)}}{${String(d)}}`,
  (n, d) => `{${String(3 * n)} \\over ${String(3 * d)}}`,
  (n, d) =>
    `${n < 0 ? '-' : ''}${String(Math.floor(Math.abs(n) / d))}\\frac{${String(Math.abs(n) % d)}}{${String(d)}}`,
  (n, d) => `${String(n)} \\cdot ${String(d)}^{-1}`,
  (n, d) => `\\frac{${String(100 * n)}}{${String(d)}}\\%`,
];
const fraction = fc.tuple(fc.integer({ min: -500, max: 500 }), fc.integer({ min: 2, max: 60 }));
const way = fc.constantFrom(...FRACTIONS);

describe('a random fraction', () => {
  it('equals itself in every spelling', () => {
    const property = fc.property(fraction, way, way, ([n, d], one, other) => {
      fc.pre(Math.abs(n) > d && n % d !== 0);
      expect([one(n, d), other(n, d), verdict(one(n, d), other(n, d))]).toEqual([
        one(n, d),
        other(n, d),
        'equal',
      ]);
    });
    check(property, 1200);
  });

  it('differs from its neighbours in every spelling', () => {
    const property = fc.property(fraction, way, way, ([n, d], one, other) => {
      fc.pre(Math.abs(n) > d + 1 && n % d !== 0 && (n + 1) % d !== 0);
      expect([one(n, d), other(n + 1, d), verdict(one(n, d), other(n + 1, d))]).toEqual([
        one(n, d),
        other(n + 1, d),
        'different',
      ]);
    });
    check(property, 1200);
  });

  it('equals its exact decimal, which with one more digit it does not', () => {
    const property = fc.property(
      fc.integer({ min: -9999, max: 9999 }),
      fc.integer({ min: 1, max: 4 }),
      (n, places) => {
        const digits = String(Math.abs(n)).padStart(places + 1, '0');
        const decimal = `${n < 0 ? '-' : ''}${digits.slice(0, -places)}.${digits.slice(-places)}`;
        const gold = `\\frac{${String(n)}}{${String(10 ** places)}}`;
        expect([gold, decimal, verdict(gold, decimal)]).toEqual([gold, decimal, 'equal']);
        expect([gold, `${decimal}1`, verdict(gold, `${decimal}1`)]).toEqual([
          gold,
          `${decimal}1`,
          'different',
        ]);
      },
    );
    check(property, 1000);
  });
});

const numbers = fc.uniqueArray(fc.integer({ min: -60, max: 60 }), { minLength: 3, maxLength: 6 });
const shuffled = fc.tuple(numbers, seed);

describe('several random numbers', () => {
  it('equal themselves in any order as a list or a set, and with one left out or changed they do not', () => {
    const property = fc.property(shuffled, ([items, n]) => {
      const mixed = new Random(n).shuffle(items);
      const set = `\\{${items.join(', ')}\\}`;
      expect(verdict(items.join(', '), mixed.join(', '))).toBe('equal');
      expect(verdict(set, `\\{${mixed.join(',')}\\}`)).toBe('equal');
      expect(verdict(set, `\\{${mixed.slice(1).join(', ')}\\}`)).toBe('different');
      expect(verdict(items.join(', '), mixed.slice(1).join(', '))).toBe('different');
      expect(verdict(items.join(', '), [61, ...mixed.slice(1)].join(', '))).toBe('different');
    });
    check(property, 500);
  });

  it('equal themselves in their own order only as a tuple', () => {
    const property = fc.property(numbers, (items) => {
      const [first = 0, second = 0, ...rest] = items;
      const tuple = `(${items.join(', ')})`;
      expect(verdict(tuple, `\\left(${items.join(',')}\\right)`)).toBe('equal');
      expect(verdict(tuple, `(${[second, first, ...rest].join(', ')})`)).toBe('different');
    });
    check(property, 500);
  });
});

/** An interval in three notations; `open` of the lower and of the upper end. */
const INTERVALS: readonly ((a: number, b: number, openA: boolean, openB: boolean) => string)[] = [
  (a, b, openA, openB) => `${openA ? '(' : '['}${String(a)}, ${String(b)}${openB ? ')' : ']'}`,
  (a, b, openA, openB) => `${String(a)} ${openA ? '<' : '\\le'} x ${openB ? '<' : '\\leq'} ${String(b)}`,
  (a, b, openA, openB) =>
    `x \\in \\left${openA ? '(' : '['}${String(a)},${String(b)}\\right${openB ? ')' : ']'}`,
];
const interval = fc.constantFrom(...INTERVALS);

describe('a random interval', () => {
  it('equals itself in every notation, and not with an end moved or opened', () => {
    const [low, width, open] = [
      fc.integer({ min: -50, max: 50 }),
      fc.integer({ min: 1, max: 50 }),
      fc.boolean(),
    ];
    const property = fc.property(
      low,
      width,
      open,
      open,
      interval,
      interval,
      (a, w, openA, openB, one, other) => {
        const gold = one(a, a + w, openA, openB);
        const says = (answer: string): readonly string[] => [gold, answer, verdict(gold, answer)];
        const same = other(a, a + w, openA, openB);
        expect(says(same)).toEqual([gold, same, 'equal']);
        const moved = other(a, a + w + 1, openA, openB);
        expect(says(moved)).toEqual([gold, moved, 'different']);
        const opened = other(a, a + w, openA, !openB);
        expect(says(opened)).toEqual([gold, opened, 'different']);
      },
    );
    check(property, 500);
  });
});
