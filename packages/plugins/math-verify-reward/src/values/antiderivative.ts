import {
  call,
  difference,
  exact,
  fraction,
  integer,
  minus,
  power,
  product,
  quotient,
  sum,
} from '../answer/build.js';
import type { Expression } from '../answer/expression.js';
import { substitute } from '../answer/tree.js';
import type { Budget } from '../budget.js';
import { degreeIn } from './closed-form.js';
import { derivative } from './derivative.js';
import { freeSymbols, sizeOfTree } from './free-symbols.js';
import { add, invert, isInteger, multiply, ONE, type Rational } from './rational.js';

/** An antiderivative, and what must stay above zero between the bounds for it to hold there. */
export interface Antiderivative {
  readonly value: Expression;
  readonly positive: readonly Expression[];
}

/** Polynomials before an exponential or a sine are integrated by parts up to this degree. */
const MOST_PARTS = 6;
const MOST_NODES = 400;

/**
 * An antiderivative of a scalar form: of sums of powers, exponentials, sines, cosines and logarithms of linear
 * arguments, polynomials before exponentials and sines, and 1/(a + b x^2). Nothing for other integrands.
 */
export function antiderivative(e: Expression, name: string, budget: Budget): Antiderivative | undefined {
  budget.spend(10 + sizeOfTree(e));
  if (sizeOfTree(e) > MOST_NODES) return undefined;
  if (!freeSymbols(e).has(name)) return { value: product(e, { kind: 'symbol', name }), positive: [] };
  if (e.kind === 'sum') return ofSum(e.terms, name, budget);
  if (e.kind !== 'product') return ofFactor(e, name, budget);
  const free = e.factors.filter((factor) => !freeSymbols(factor).has(name));
  const bound = e.factors.filter((factor) => freeSymbols(factor).has(name));
  const scaled = (found: Antiderivative | undefined): Antiderivative | undefined =>
    found && { ...found, value: product(...free, found.value) };
  const [only] = bound;
  if (only !== undefined && bound.length === 1)
    return scaled(
      only.kind === 'product' ? antiderivative(only, name, budget) : ofFactor(only, name, budget),
    );
  const whole = product(...bound);
  return scaled(
    ofPowers(bound, name) ??
      ofPolynomial(whole, name, budget) ??
      byParts(bound, name, budget) ??
      spread(bound, name, budget),
  );
}

function ofSum(terms: readonly Expression[], name: string, budget: Budget): Antiderivative | undefined {
  const values: Expression[] = [];
  const positive: Expression[] = [];
  for (const term of terms) {
    const own = antiderivative(term, name, budget);
    if (own === undefined) return undefined;
    values.push(own.value);
    positive.push(...own.positive);
  }
  return { value: sum(...values), positive };
}

function ofFactor(e: Expression, name: string, budget: Budget): Antiderivative | undefined {
  // (u^p)^n with a whole n is u^(n p).
  if (
    e.kind === 'power' &&
    e.base.kind === 'power' &&
    e.exponent.kind === 'number' &&
    isInteger(e.exponent.value)
  ) {
    const { base, exponent } = e.base;
    if (exponent.kind === 'number')
      return ofFactor(power(base, exact(multiply(exponent.value, e.exponent.value))), name, budget);
  }
  return ofLinear(e, name) ?? ofPolynomial(e, name, budget) ?? ofRational(e, name);
}

/** x^p x^q = x^(p+q): the same base throughout, as in \sqrt x / x. */
function ofPowers(factors: readonly Expression[], name: string): Antiderivative | undefined {
  let total: Rational = { n: 0n, d: 1n };
  for (const factor of factors) {
    const [base, exponent] = factor.kind === 'power' ? [factor.base, factor.exponent] : [factor, integer(1)];
    if (base.kind !== 'symbol' || base.name !== name || exponent.kind !== 'number') return undefined;
    total = add(total, exponent.value);
  }
  return ofLinear(power({ kind: 'symbol', name }, exact(total)), name);
}

/** Slope of a linear form that is not constant. */
function slopeOf(e: Expression, name: string): Expression | undefined {
  if (e.kind === 'symbol') return e.name === name ? integer(1) : undefined;
  if (degreeIn(e, name) !== 1) return undefined;
  return difference(substitute(e, name, integer(1)), substitute(e, name, integer(0)));
}

/** A power, exponential, sine, cosine or logarithm of u = a + b x: its antiderivative by u, over b. */
function ofLinear(e: Expression, name: string): Antiderivative | undefined {
  if (e.kind === 'symbol') return { value: product(fraction(1, 2), power(e, integer(2))), positive: [] };
  if (e.kind === 'power' && !freeSymbols(e.exponent).has(name)) {
    const slope = slopeOf(e.base, name);
    if (slope === undefined || e.exponent.kind !== 'number') return undefined;
    const p = e.exponent.value;
    const natural = p.d === 1n && p.n >= 0n;
    const positive = natural ? [] : [e.base];
    if (p.n === -1n && p.d === 1n) return { value: quotient(call('ln', e.base), slope), positive };
    const next = add(p, ONE);
    return { value: quotient(product(exact(invert(next)), power(e.base, exact(next))), slope), positive };
  }
  if (e.kind === 'power' && !freeSymbols(e.base).has(name)) {
    const slope = slopeOf(e.exponent, name);
    if (slope === undefined) return undefined;
    const natural = e.base.kind === 'constant' && e.base.name === 'e';
    if (natural) return { value: quotient(e, slope), positive: [] };
    // The base must not be 1, and what it is must be known.
    if (e.base.kind !== 'number' || e.base.value.n <= 0n || e.base.value.n === e.base.value.d)
      return undefined;
    return { value: quotient(e, product(slope, call('ln', e.base))), positive: [] };
  }
  if (e.kind !== 'call' || e.args.length !== 1) return undefined;
  const [u] = e.args;
  const slope = u && slopeOf(u, name);
  if (u === undefined || slope === undefined) return undefined;
  switch (e.name) {
    case 'sin':
      return { value: quotient(minus(call('cos', u)), slope), positive: [] };
    case 'cos':
      return { value: quotient(call('sin', u), slope), positive: [] };
    case 'ln':
      return { value: quotient(difference(product(u, call('ln', u)), u), slope), positive: [u] };
    default:
      return undefined;
  }
}

/** Squares of sine and cosine by the double angle; 1/(a + b x^2) with a, b > 0 by the arctangent. */
function ofRational(e: Expression, name: string): Antiderivative | undefined {
  if (e.kind !== 'power' || e.exponent.kind !== 'number' || e.exponent.value.d !== 1n) return undefined;
  const { base } = e;
  if (e.exponent.value.n === 2n && base.kind === 'call' && (base.name === 'sin' || base.name === 'cos')) {
    const [u] = base.args;
    const twice = u && ofLinear(call('cos', product(integer(2), u)), name);
    if (twice === undefined) return undefined;
    const half = fraction(base.name === 'sin' ? -1 : 1, 2);
    const x: Expression = { kind: 'symbol', name };
    return { value: sum(product(fraction(1, 2), x), product(half, twice.value)), positive: [] };
  }
  if (e.exponent.value.n !== -1n || base.kind !== 'sum') return undefined;
  let [a, b]: [Rational, Rational] = [
    { n: 0n, d: 1n },
    { n: 0n, d: 1n },
  ];
  for (const term of base.terms) {
    const factors = term.kind === 'product' ? term.factors : [term];
    const [coefficient, rest] =
      factors[0]?.kind === 'number' ? [factors[0].value, factors.slice(1)] : [ONE, factors];
    const [square] = rest;
    if (square === undefined) a = add(a, coefficient);
    else if (rest.length === 1 && isSquareOf(square, name)) b = add(b, coefficient);
    else return undefined;
  }
  if (a.n <= 0n || b.n <= 0n) return undefined;
  const root = (r: Rational): Expression => power(exact(r), fraction(1, 2));
  const inside = product({ kind: 'symbol', name }, root({ n: b.n * a.d, d: b.d * a.n }));
  return {
    value: quotient(call('arctan', inside), root({ n: a.n * b.n, d: a.d * b.d })),
    positive: [],
  };
}

function isSquareOf(e: Expression, name: string): boolean {
  return (
    e.kind === 'power' &&
    e.base.kind === 'symbol' &&
    e.base.name === name &&
    e.exponent.kind === 'number' &&
    e.exponent.value.n === 2n &&
    e.exponent.value.d === 1n
  );
}

/** f(0) x + f'(0) x^2/2! + ...: a polynomial from its derivatives at zero. */
function ofPolynomial(e: Expression, name: string, budget: Budget): Antiderivative | undefined {
  const degree = degreeIn(e, name);
  if (degree === undefined || degree > 12) return undefined;
  const x: Expression = { kind: 'symbol', name };
  const terms: Expression[] = [];
  let own: Expression | undefined = e;
  let factorial = 1n;
  for (let k = 0; k <= degree; k += 1) {
    factorial *= BigInt(k + 1);
    budget.spend(sizeOfTree(own));
    if (sizeOfTree(own) > 10 * MOST_NODES) return undefined;
    terms.push(product(fraction(1n, factorial), substitute(own, name, integer(0)), power(x, integer(k + 1))));
    own = derivative(own, name, budget);
    if (own === undefined) return undefined;
  }
  return { value: sum(...terms), positive: [] };
}

/** p f with a polynomial p: p F - p' F' ..., each F the antiderivative of the one before. */
function byParts(factors: readonly Expression[], name: string, budget: Budget): Antiderivative | undefined {
  const others = factors.filter((factor) => degreeIn(factor, name) === undefined);
  const [f] = others;
  if (f === undefined || others.length !== 1) return undefined;
  let p: Expression | undefined = product(...factors.filter((factor) => factor !== f));
  const degree = degreeIn(p, name);
  if (degree === undefined || degree > MOST_PARTS) return undefined;
  if (f.kind === 'call' && f.name === 'ln') return byPartsOfLogarithm(p, f, name, budget);
  const terms: Expression[] = [];
  let own: Expression = f;
  for (let k = 0; k <= degree; k += 1) {
    const next = ofEntire(own, name);
    if (next === undefined) return undefined;
    terms.push(product(integer(k % 2 === 0 ? 1 : -1), p, next));
    own = next;
    budget.spend(sizeOfTree(p));
    p = derivative(p, name, budget);
    if (p === undefined) return undefined;
  }
  return { value: sum(...terms), positive: [] };
}

/** Antiderivative of an exponential, sine or cosine with factors free of the symbol before it. */
function ofEntire(e: Expression, name: string): Expression | undefined {
  const factors = e.kind === 'product' ? e.factors : [e];
  const bound = factors.filter((factor) => freeSymbols(factor).has(name));
  const [f] = bound;
  if (f === undefined || bound.length !== 1) return undefined;
  const found = ofLinear(f, name);
  if (found === undefined || found.positive.length > 0) return undefined;
  return product(...factors.filter((factor) => factor !== f), found.value);
}

/** p ln x: P ln x - the antiderivative of P/x, where P vanishes at zero. */
function byPartsOfLogarithm(
  p: Expression,
  logarithm: Expression,
  name: string,
  budget: Budget,
): Antiderivative | undefined {
  const x: Expression = { kind: 'symbol', name };
  const argument = logarithm.kind === 'call' ? logarithm.args[0] : undefined;
  if (argument?.kind !== 'symbol') return undefined;
  const whole = ofPolynomial(p, name, budget)?.value;
  if (whole === undefined) return undefined;
  const terms = whole.kind === 'sum' ? whole.terms : [whole];
  const rest: Expression[] = [];
  for (const [k, term] of terms.entries()) rest.push(quotient(term, integer(k + 1)));
  return { value: difference(product(whole, logarithm), sum(...rest)), positive: [x] };
}

/** A product with a sum among its factors, term by term: (x + 1)/x. */
function spread(factors: readonly Expression[], name: string, budget: Budget): Antiderivative | undefined {
  const many = factors.find((factor) => factor.kind === 'sum');
  if (many?.kind !== 'sum' || many.terms.length > 8) return undefined;
  const rest = factors.filter((factor) => factor !== many);
  return ofSum(
    many.terms.map((term) => product(term, ...rest)),
    name,
    budget,
  );
}
