import { multiply, ONE, rational, type Rational } from '../values/rational.js';
import type { UnitFactor } from './expression.js';
import { MEASURES, PREFIX_NAMES, PREFIX_SYMBOLS, PREFIXED_NAMES, PREFIXED_SYMBOLS } from './unit-table.js';

/**
 * Powers of the base quantities, none of them 0. What cannot be converted by a rational factor is a base of its own:
 * degrees Celsius and Fahrenheit, radians, every currency.
 */
export type Dimension = Readonly<Record<string, number>>;

export interface Unit {
  /** How many of the base units make one of this. */
  readonly scale: Rational;
  readonly dimension: Dimension;
}

/** A unit by any of its names: `cm`, `centimetres`, `miles`, `mph`, `$`. Undefined for everything else. */
export function lookUpUnit(name: string): Unit | undefined {
  const own = MEASURES.get(name);
  if (own !== undefined) return own;
  const prefixed = withPrefix(name, PREFIX_SYMBOLS, PREFIXED_SYMBOLS);
  if (prefixed !== undefined || name.length < 3) return prefixed;
  const lower = name.toLowerCase();
  return MEASURES.get(lower) ?? withPrefix(lower, PREFIX_NAMES, PREFIXED_NAMES);
}

/** Scale and dimension of a product of units; undefined where a factor is no unit but a noun. */
export function unitOf(factors: readonly UnitFactor[]): Unit | undefined {
  let scale = ONE;
  const dimension = new Map<string, number>();
  for (const { name, power } of factors) {
    const unit = lookUpUnit(name);
    if (unit === undefined) return undefined;
    if (power.d === 1n && power.n >= -20n && power.n <= 20n)
      scale = multiply(scale, powerOf(unit.scale, Number(power.n)));
    else if (unit.scale.n !== 1n || unit.scale.d !== 1n) return undefined;
    const exponent = Number(power.n) / Number(power.d);
    for (const [base, count] of Object.entries(unit.dimension)) {
      dimension.set(base, (dimension.get(base) ?? 0) + count * exponent);
    }
  }
  return { scale, dimension: Object.fromEntries([...dimension].filter(([, count]) => count !== 0)) };
}

export function sameDimension(a: Dimension, b: Dimension): boolean {
  const bases = Object.keys(a);
  return bases.length === Object.keys(b).length && bases.every((base) => a[base] === b[base]);
}

function powerOf(scale: Rational, exponent: number): Rational {
  const base = exponent < 0 ? rational(scale.d, scale.n) : scale;
  const count = BigInt(Math.abs(exponent));
  return { n: base.n ** count, d: base.d ** count };
}

function withPrefix(
  name: string,
  prefixes: ReadonlyMap<string, Rational>,
  units: ReadonlyMap<string, Unit>,
): Unit | undefined {
  // Prefixes are of one to five letters.
  for (let length = 1; length <= 5 && length < name.length; length++) {
    const factor = prefixes.get(name.slice(0, length));
    const unit = factor && units.get(name.slice(length));
    if (factor && unit) return { scale: multiply(factor, unit.scale), dimension: unit.dimension };
  }
  return undefined;
}
