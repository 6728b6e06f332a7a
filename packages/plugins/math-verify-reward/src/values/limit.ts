import { call, exact, integer, power, product, quotient, sum } from '../answer/build.js';
import type { CallExpression, Expression } from '../answer/expression.js';
import { sameTree, substitute } from '../answer/tree.js';
import type { Budget } from '../budget.js';
import { compareCanonically } from './canonical-comparison.js';
import { signOfConstant } from './constant.js';
import { derivative } from './derivative.js';
import { factorsOf, raisedTo, rebuilt } from './factored.js';
import { freeSymbols, sizeOfTree } from './free-symbols.js';
import { add, isInteger, negate, type Rational } from './rational.js';

/** Where a symbol goes. */
export interface Approach {
  readonly name: string;
  /** A finite value, or plus or minus infinity. */
  readonly target: Expression | 'infinity' | '-infinity';
  /** From above (1) or below (-1); 0 for a limit that both sides must have. */
  readonly side: 1 | -1 | 0;
}

/** A finite limit, or the sign of an infinite one. */
export type Limit = { readonly finite: Expression } | { readonly infinite: 1 | -1 };

/** Rounds of l'Hopital's rule, and of what it is applied to. */
const MOST_ROUNDS = 6;
const MOST_NODES = 600;

/** The limit of a scalar form; nothing where these rules do not find one. */
export function limitOf(
  e: Expression,
  to: Approach,
  budget: Budget,
  rounds = MOST_ROUNDS,
): Limit | undefined {
  budget.spend(10 + sizeOfTree(e));
  if (sizeOfTree(e) > MOST_NODES) return undefined;
  if (!freeSymbols(e).has(to.name)) return { finite: e };
  switch (e.kind) {
    case 'symbol':
      if (to.target === 'infinity') return { infinite: 1 };
      return to.target === '-infinity' ? { infinite: -1 } : { finite: to.target };
    case 'sum':
      return ofSum(e.terms, to, budget, rounds);
    case 'product':
      return ofQuotient(e, to, budget, rounds);
    case 'power':
      return freeSymbols(e.exponent).has(to.name)
        ? ofExponential(e.base, e.exponent, to, budget, rounds)
        : ofQuotient(e, to, budget, rounds);
    case 'call':
      return ofCall(e, to, budget, rounds);
    default:
      return undefined;
  }
}

function ofSum(
  terms: readonly Expression[],
  to: Approach,
  budget: Budget,
  rounds: number,
): Limit | undefined {
  const finite: Expression[] = [];
  const infinite = new Set<1 | -1>();
  let known = true;
  for (const term of terms) {
    const limit = limitOf(term, to, budget, rounds);
    if (limit === undefined) known = false;
    else if ('finite' in limit) finite.push(limit.finite);
    else infinite.add(limit.infinite);
  }
  if (known && infinite.size === 0) return { finite: sum(...finite) };
  const [sign] = infinite;
  if (known && infinite.size === 1 && sign !== undefined) return { infinite: sign };
  return rounds > 0 ? overCommonDenominator(terms, to, budget, rounds - 1) : undefined;
}

/** Terms of which some have no finite limit, as one quotient; at infinity with the largest power of the symbol out. */
function overCommonDenominator(
  terms: readonly Expression[],
  to: Approach,
  budget: Budget,
  rounds: number,
): Limit | undefined {
  const below: { readonly base: Expression; exponent: Rational }[] = [];
  for (const term of terms) {
    for (const { base, exponent } of factorsOf(term, to.name).factors) {
      if (exponent.n >= 0n) continue;
      const known = below.find((factor) => sameTree(factor.base, base));
      const wanted = negate(exponent);
      if (known === undefined) below.push({ base, exponent: wanted });
      else if (add(wanted, negate(known.exponent)).n > 0n) known.exponent = wanted;
    }
  }
  if (below.length === 0) return leadingPower(terms, to, budget, rounds);
  const denominator = below.map(({ base, exponent }) => power(base, exact(exponent)));
  const top = sum(...terms.map((term) => rebuilt(factorsOf(product(term, ...denominator), to.name))));
  return ofQuotient(
    product(top, ...below.map(({ base, exponent }) => power(base, exact(negate(exponent))))),
    to,
    budget,
    rounds,
  );
}

/** A polynomial at infinity is as its highest term. */
function leadingPower(
  terms: readonly Expression[],
  to: Approach,
  budget: Budget,
  rounds: number,
): Limit | undefined {
  if (typeof to.target !== 'string') return undefined;
  const parts = terms.map((term) => ({ term, degree: monomialDegree(term, to.name) }));
  let most: Rational | undefined;
  for (const { degree } of parts) {
    if (degree === undefined) return undefined;
    if (most === undefined || add(degree, negate(most)).n > 0n) most = degree;
  }
  if (most === undefined || most.n <= 0n) return undefined;
  const highest = most;
  const leading = parts.filter(({ degree }) => degree?.n === highest.n && degree.d === highest.d);
  const coefficient = sum(...leading.map(({ term }) => substitute(term, to.name, integer(1))));
  const sign = signOf(coefficient, budget);
  if (sign === undefined || sign === 0) return undefined;
  const whole = limitOf(power({ kind: 'symbol', name: to.name }, exact(highest)), to, budget, rounds);
  return whole !== undefined && 'infinite' in whole
    ? { infinite: (whole.infinite * sign) as 1 | -1 }
    : undefined;
}

function monomialDegree(e: Expression, name: string): Rational | undefined {
  let degree: Rational = { n: 0n, d: 1n };
  for (const { base, exponent } of factorsOf(e, name).factors) {
    if (base.kind !== 'symbol') return undefined;
    degree = add(degree, exponent);
  }
  return degree;
}

/** A product of powers: the product of the limits, or l'Hopital's rule where these are 0/0, oo/oo or 0 oo. */
function ofQuotient(e: Expression, to: Approach, budget: Budget, rounds: number): Limit | undefined {
  const { coefficient, factors } = factorsOf(e, to.name);
  const finite: Expression[] = [...coefficient];
  const zeros: Expression[] = [];
  const poles: Expression[] = [];
  const large: Expression[] = [];
  const small: Expression[] = [];
  let sign: 1 | -1 = 1;
  for (const { base, exponent } of factors) {
    const limit = limitOf(base, to, budget, rounds);
    if (limit === undefined) return undefined;
    const raised = raisedTo(base, exponent);
    const flipped = raisedTo(base, negate(exponent));
    if ('infinite' in limit) {
      if (limit.infinite < 0 && !isInteger(exponent)) return undefined;
      if (limit.infinite < 0 && exponent.n % 2n !== 0n) sign = sign === 1 ? -1 : 1;
      if (exponent.n > 0n) large.push(raised);
      else small.push(flipped);
      continue;
    }
    const own = signOf(limit.finite, budget);
    if (own === undefined && !isNotZero(limit.finite, budget)) return undefined;
    if (!isInteger(exponent) && own !== 1 && !(own === 0 && sideOf(base, to, budget) === 1)) return undefined;
    if (own !== 0) finite.push(power(limit.finite, exact(exponent)));
    else if (exponent.n > 0n) zeros.push(raised);
    else poles.push(flipped);
  }
  const grows = large.length + poles.length > 0;
  const shrinks = zeros.length + small.length > 0;
  if (!grows) return { finite: shrinks ? integer(0) : product(...finite) };
  if (!shrinks) {
    let all: number | undefined = signOf(product(integer(1), ...finite), budget);
    for (const pole of poles) all = all === undefined ? undefined : all * (sideOf(pole, to, budget) ?? NaN);
    if (all === undefined || !(Math.abs(all) === 1)) return undefined;
    return { infinite: (all * sign) as 1 | -1 };
  }
  if (rounds === 0) return undefined;
  return byDerivatives([...zeros, ...large], [...poles, ...small], finite, to, budget, rounds - 1);
}

/** f/g with f and g both to zero or both to infinity has the limit of f'/g', where that has one. */
function byDerivatives(
  above: readonly Expression[],
  below: readonly Expression[],
  finite: readonly Expression[],
  to: Approach,
  budget: Budget,
  rounds: number,
): Limit | undefined {
  const tops = [...above];
  const bottoms = [...below];
  // 0 oo is 0/(1/oo): one of the two goes below.
  if (bottoms.length === 0) {
    const moved = tops.findIndex((factor) => factor.kind === 'power' || factor.kind === 'symbol');
    const [factor] = tops.splice(moved < 0 ? tops.length - 1 : moved, 1);
    if (factor === undefined) return undefined;
    bottoms.push(rebuilt(factorsOf(power(factor, integer(-1)), to.name)));
  }
  if (tops.length === 0) return undefined;
  const [f, g] = [
    rebuilt(factorsOf(product(...tops), to.name)),
    rebuilt(factorsOf(product(...bottoms), to.name)),
  ];
  const [limitF, limitG] = [limitOf(f, to, budget, rounds), limitOf(g, to, budget, rounds)];
  if (limitF === undefined || limitG === undefined) return undefined;
  const indeterminate =
    'infinite' in limitF
      ? 'infinite' in limitG
      : 'finite' in limitG && signOf(limitF.finite, budget) === 0 && signOf(limitG.finite, budget) === 0;
  if (!indeterminate) return undefined;
  const [df, dg] = [derivative(f, to.name, budget), derivative(g, to.name, budget)];
  if (df === undefined || dg === undefined || signOf(dg, budget) === 0) return undefined;
  return limitOf(product(...finite, rebuilt(factorsOf(quotient(df, dg), to.name))), to, budget, rounds);
}

/** Sign of what goes to zero, on the side it is seen from: that of its first derivative that is not zero there. */
function sideOf(e: Expression, to: Approach, budget: Budget): 1 | -1 | undefined {
  if (typeof to.target === 'string') return undefined;
  let own: Expression | undefined = e;
  for (let order = 1; order <= 4; order += 1) {
    own = derivative(own, to.name, budget);
    if (own === undefined || sizeOfTree(own) > MOST_NODES) return undefined;
    const sign = signOf(substitute(own, to.name, to.target), budget);
    if (sign === undefined) return undefined;
    if (sign === 0) continue;
    if (order % 2 === 0) return sign;
    return to.side === 0 ? undefined : ((sign * to.side) as 1 | -1);
  }
  return undefined;
}

/** Sign of a real constant, 0 for what is known to vanish; nothing where it is not known. */
function signOf(e: Expression, budget: Budget): 1 | -1 | 0 | undefined {
  if (freeSymbols(e).size === 0) return signOfConstant(e, budget);
  return compareCanonically(e, integer(0), budget) === 'same' ? 0 : undefined;
}

function isNotZero(e: Expression, budget: Budget): boolean {
  return compareCanonically(e, integer(0), budget) === 'different';
}

/** f^g = exp(g ln f), for f above zero. */
function ofExponential(
  base: Expression,
  exponent: Expression,
  to: Approach,
  budget: Budget,
  rounds: number,
): Limit | undefined {
  const natural = base.kind === 'constant' && base.name === 'e';
  const logarithm = natural ? exponent : product(exponent, call('ln', base));
  const limit = limitOf(logarithm, to, budget, rounds);
  if (limit === undefined) return undefined;
  if ('infinite' in limit) return limit.infinite === 1 ? limit : { finite: integer(0) };
  return { finite: power({ kind: 'constant', name: 'e' }, limit.finite) };
}

/** Continuous functions go with their arguments. */
function ofCall(e: CallExpression, to: Approach, budget: Budget, rounds: number): Limit | undefined {
  const [x] = e.args;
  if (x === undefined || e.args.length !== 1) return undefined;
  const limit = limitOf(x, to, budget, rounds);
  if (limit === undefined) return undefined;
  const infinite = 'infinite' in limit ? limit.infinite : undefined;
  const finite = 'finite' in limit ? limit.finite : undefined;
  switch (e.name) {
    case 'sin':
    case 'cos':
      return finite && { finite: call(e.name, finite) };
    case 'arctan':
      if (finite !== undefined) return { finite: call('arctan', finite) };
      return {
        finite: product(exact({ n: BigInt(infinite ?? 1), d: 2n }), { kind: 'constant', name: 'pi' }),
      };
    case 'abs':
      return finite === undefined ? { infinite: 1 } : { finite: call('abs', finite) };
    case 'ln': {
      if (finite === undefined) return infinite === 1 ? { infinite: 1 } : undefined;
      const sign = signOf(finite, budget);
      if (sign === 1) return { finite: call('ln', finite) };
      return sign === 0 && (isAboveAtInfinity(x, to) || sideOf(x, to, budget) === 1)
        ? { infinite: -1 }
        : undefined;
    }
    default:
      return undefined;
  }
}

/** 1/x and its powers come to zero from above where x goes to infinity. */
function isAboveAtInfinity(e: Expression, to: Approach): boolean {
  return (
    to.target === 'infinity' && e.kind === 'power' && e.base.kind === 'symbol' && e.exponent.kind === 'number'
  );
}
