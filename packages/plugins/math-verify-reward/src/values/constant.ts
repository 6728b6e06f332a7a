import type { Expression } from '../answer/expression.js';
import type { Budget } from '../budget.js';
import { middle, radiusMagnitude, magnitude, signOfBall } from './ball.js';
import { unlessTooLarge } from './canonical-comparison.js';
import { canonical } from './canonical.js';
import { type ComplexBall, isReal } from './complex-ball.js';
import { evaluateForm, evaluation } from './evaluate.js';
import { exactValue } from './exact-value.js';
import { freeSymbols } from './free-symbols.js';
import { rationalIn } from './fractions.js';
import { timesRational } from './polynomial.js';
import { divide, type Rational } from './rational.js';
import { Ring } from './ring.js';
import { scalarForm } from './scalar-form.js';

export { freeSymbols } from './free-symbols.js';

const NO_SYMBOLS: ReadonlyMap<string, ComplexBall> = new Map();

/** The value of a constant that is a rational number, exactly: of sqrt(4), 3!, log_2 8, a sum with numeric bounds. */
export function rationalOf(e: Expression, budget: Budget): Rational | undefined {
  if (e.kind === 'number') return e.value;
  if (freeSymbols(e).size > 0) return undefined;
  const form = scalarForm(e, budget);
  return form && rationalOfForm(form, budget);
}

/** The same for a scalar form without free symbols. */
export function rationalOfForm(form: Expression, budget: Budget): Rational | undefined {
  const value = exactValue(form, budget);
  if (value !== undefined) return value;
  return unlessTooLarge(() => {
    const ring = new Ring(budget);
    const fraction = canonical(form, ring);
    if (fraction === undefined) return undefined;
    const reduced = { num: ring.reduce(fraction.num), den: ring.reduce(fraction.den) };
    const plain = rationalIn({ num: reduced.num, den: fraction.den });
    if (plain !== undefined) return plain;
    // num = c den
    const [[key, term] = []] = reduced.den;
    const top = key === undefined ? undefined : reduced.num.get(key);
    if (term === undefined || top === undefined) return undefined;
    const ratio = divide(top.coefficient, term.coefficient);
    const same = ring.crossDifference(reduced, { num: timesRational(reduced.den, ratio), den: reduced.den });
    return same.size === 0 ? ratio : undefined;
  });
}

/** A rectangle that holds the value of a constant, with about `bits` bits of relative precision. */
export function enclose(e: Expression, bits: number, budget: Budget): ComplexBall | undefined {
  const form = scalarForm(e, budget);
  return form && evaluateForm(form, evaluation(NO_SYMBOLS, bits, budget, false));
}

/** Sign of a real constant; nothing where it is not real, or is so near zero that no precision tells. */
export function signOfConstant(e: Expression, budget: Budget): -1 | 0 | 1 | undefined {
  const form = scalarForm(e, budget);
  if (form === undefined || freeSymbols(form).size > 0) return undefined;
  const value = exactValue(form, budget);
  if (value !== undefined) return value.n > 0n ? 1 : value.n < 0n ? -1 : 0;
  for (const bits of [64, 192, 512]) {
    const enclosure = evaluateForm(form, evaluation(NO_SYMBOLS, bits, budget, false));
    if (enclosure === undefined || !isReal(enclosure)) continue;
    const sign = signOfBall(enclosure.re);
    if (sign !== undefined) return sign;
  }
  return rationalOfForm(form, budget)?.n === 0n ? 0 : undefined;
}

/** A real constant to double precision; nothing where it is not real. */
export function approximate(e: Expression, budget: Budget): number | undefined {
  const enclosure = enclose(e, 96, budget);
  if (enclosure === undefined || !isReal(enclosure)) return undefined;
  if (radiusMagnitude(enclosure.re) > Math.max(-200, magnitude(enclosure.re) - 52)) return undefined;
  return middle(enclosure.re);
}
