import type { Expression } from '../answer/expression.js';
import { childrenOf } from '../answer/tree.js';
import { type ComplexBall, realBall } from './complex-ball.js';
import { freeSymbols } from './free-symbols.js';
import { hashOf, mix } from './pseudo-random.js';

export type PointKind = 'near' | 'unit' | 'signed' | 'far' | 'very-far' | 'complex';

/** Kinds in the order they are tried, as often as they stand here. */
export const POINT_KINDS: readonly PointKind[] = [
  'near',
  'signed',
  'unit',
  'near',
  'signed',
  'far',
  'unit',
  'signed',
  'near',
  'signed',
  'unit',
  'far',
  'very-far',
  'near',
  'signed',
  'unit',
  'far',
  'very-far',
  'near',
  'signed',
  'far',
  'very-far',
  'near',
  'unit',
];

/** From and to, in multiples of 2^-28. */
const RANGES: Readonly<Record<PointKind, readonly [number, number]>> = {
  near: [0.3, 3.7],
  unit: [0.02, 0.98],
  signed: [-3.9, 3.9],
  far: [4, 60],
  'very-far': [60, 4000],
  complex: [-2.5, 2.5],
};

/** The same for symbols that must be whole. */
const WHOLE_RANGES: Readonly<Record<PointKind, readonly [number, number]>> = {
  near: [1, 6],
  unit: [2, 9],
  signed: [1, 12],
  far: [6, 24],
  'very-far': [12, 40],
  complex: [1, 12],
};

const FRACTION_BITS = 28;

/** A value for every symbol: depends on the symbol, the number of the point and its kind alone. */
export function randomPoint(
  symbols: ReadonlySet<string>,
  whole: ReadonlySet<string>,
  index: number,
  kind: PointKind,
): Map<string, ComplexBall> {
  const point = new Map<string, ComplexBall>();
  for (const name of symbols) {
    const seed = mix(hashOf(name), index);
    const isWhole = whole.has(name);
    const [from, to] = (isWhole ? WHOLE_RANGES : RANGES)[kind];
    if (isWhole) {
      const n = from + (mix(seed, 1) % (to - from + 1));
      point.set(name, realBall({ m: BigInt(n), e: 0, r: 0 }));
      continue;
    }
    const part = (salt: number): { m: bigint; e: number; r: number } => {
      const n = Math.floor((from + (to - from) * (mix(seed, salt) / 2 ** 32)) * 2 ** FRACTION_BITS);
      return { m: BigInt(n), e: -FRACTION_BITS, r: 0 };
    };
    point.set(name, kind === 'complex' ? { re: part(1), im: part(2) } : realBall(part(1)));
  }
  return point;
}

/** Functions whose arguments are whole numbers. */
const WHOLE_FUNCTIONS = new Set([
  'factorial',
  'double-factorial',
  'subfactorial',
  'binomial',
  'gcd',
  'lcm',
  'totient',
]);

/** Symbols that stand where only whole numbers make sense: in n!, C(n, k), (-1)^n, the ends of a sum. */
export function wholeSymbols(e: Expression): Set<string> {
  const found = new Set<string>();
  collect(e, found);
  return found;
}

function collect(e: Expression, found: Set<string>): void {
  const all = (part: Expression): void => {
    for (const name of freeSymbols(part)) found.add(name);
  };
  if (e.kind === 'call' && WHOLE_FUNCTIONS.has(e.name)) e.args.forEach(all);
  else if (e.kind === 'power' && isNegative(e.base)) all(e.exponent);
  else if (e.kind === 'series') {
    all(e.from);
    all(e.to);
  }
  for (const child of childrenOf(e)) if (freeSymbols(child).size > 0) collect(child, found);
}

function isNegative(e: Expression): boolean {
  if (e.kind === 'number') return e.value.n < 0n;
  if (e.kind !== 'product') return false;
  return freeSymbols(e).size === 0 && e.factors.filter(isNegative).length % 2 === 1;
}
