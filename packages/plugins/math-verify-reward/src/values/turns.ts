import type { Fraction } from './generator.js';
import type { Ring } from './ring.js';
import { negatePolynomial, ONE_POLYNOMIAL, onlyTerm, type Polynomial, timesRational } from './polynomial.js';
import { add, floorOf, negate, type Rational, rational } from './rational.js';

/** cos(pi t) for 0 <= t <= 1/2 as a sum of c sqrt(r): pairs of c and r. */
const COSINES: Readonly<Record<string, readonly (readonly [Rational, bigint])[]>> = {
  '0/1': [[rational(1n), 1n]],
  '1/12': [
    [rational(1n, 4n), 6n],
    [rational(1n, 4n), 2n],
  ],
  '1/6': [[rational(1n, 2n), 3n]],
  '1/5': [
    [rational(1n, 4n), 1n],
    [rational(1n, 4n), 5n],
  ],
  '1/4': [[rational(1n, 2n), 2n]],
  '1/3': [[rational(1n, 2n), 1n]],
  '2/5': [
    [rational(-1n, 4n), 1n],
    [rational(1n, 4n), 5n],
  ],
  '5/12': [
    [rational(1n, 4n), 6n],
    [rational(-1n, 4n), 2n],
  ],
  '1/2': [],
};

/** t where the argument is pi t, for a rational t. */
function partOfTurn(x: Fraction, ring: Ring): Rational | undefined {
  if (x.den !== ONE_POLYNOMIAL) return undefined;
  if (x.num.size === 0) return rational(0n);
  const only = onlyTerm(x.num);
  const [factor] = only?.factors ?? [];
  if (only === undefined || factor === undefined || only.factors.length > 1) return undefined;
  return factor.n === 1 && factor.d === 1 && ring.at(factor.generator).name === 'pi'
    ? only.coefficient
    : undefined;
}

/** Cosine or sine of a multiple of 15 or 36 degrees, in square roots; `rootOf` makes the square root of an integer. */
export function valueAtTurn(
  name: 'cos' | 'sin',
  x: Fraction,
  ring: Ring,
  rootOf: (n: bigint) => Polynomial,
): Fraction | undefined {
  const part = partOfTurn(x, ring);
  if (part === undefined) return undefined;
  // sin(pi t) = cos(pi (t - 1/2)); then t is brought to 0 ... 1 by turns and reflection, and to 0 ... 1/2 by a sign.
  let t = name === 'sin' ? add(part, rational(-1n, 2n)) : part;
  t = add(t, { n: -2n * floorOf(rational(t.n, 2n * t.d)), d: 1n });
  if (t.n > t.d) t = add(rational(2n), negate(t));
  const flipped = 2n * t.n > t.d;
  if (flipped) t = add(rational(1n), negate(t));
  const known = COSINES[`${String(t.n)}/${String(t.d)}`];
  if (known === undefined) return undefined;
  let num: Polynomial = new Map();
  for (const [c, r] of known) num = ring.sum(num, timesRational(rootOf(r), c));
  return { num: flipped ? negatePolynomial(num) : num, den: ONE_POLYNOMIAL };
}
