import { exact, integer, minus, power, symbol } from '../answer/build.js';
import type { Expression } from '../answer/expression.js';
import { ONE, rational } from '../values/rational.js';
import { readAtom } from './atoms.js';
import { readArgument } from './brackets.js';
import type { Cursor } from './cursor.js';
import { subscriptOf } from './symbols.js';

/** An atom and what is written above or after it: powers, factorials, degrees. */
export function readFactor(c: Cursor): Expression {
  return readPostfix(c, readAtom(c));
}

/** What is written above or after an atom that has been read. */
export function readPostfix(c: Cursor, atom: Expression): Expression {
  let base = atom;
  for (let layers = 1; ; layers++) {
    c.budget.spend();
    c.budget.allowNesting(c.depth + layers);
    if (c.isMark('^')) {
      c.next();
      base = raise(c, base);
    } else if (c.isMark('!') && c.token.gap !== 'wide') {
      c.next();
      const double = c.isMark('!') && c.token.gap === '';
      if (double) c.next();
      base = { kind: 'call', name: double ? 'double-factorial' : 'factorial', args: [base] };
    } else if (c.isMark('°') && startsAtomAfterCircle(c)) {
      c.next();
      base = { kind: 'opaque', head: 'composition', parts: [base, readAtom(c)] };
    } else if (c.isMark('°')) {
      c.next();
      base = readDegrees(c, base);
    } else if ((c.isMark("'") || c.isMark("''")) && base.kind === 'number') {
      base = { kind: 'quantity', value: base, unit: [{ name: c.next().text, power: ONE }] };
    } else if (c.isMark('_') && base.kind === 'power' && base.base.kind === 'symbol') {
      c.next();
      base = { ...base, base: symbol(base.base.name + '_' + subscriptOf(c)) };
    } else return base;
  }
}

/** A circle between two functions composes them. */
function startsAtomAfterCircle(c: Cursor): boolean {
  const next = c.peek(1);
  return c.peek(-1).kind === 'letter' && next.kind === 'letter' && next.text !== 'C' && next.text !== 'F';
}

/** Degrees, with the minutes and seconds after them. */
function readDegrees(c: Cursor, value: Expression): Expression {
  let total = value;
  for (const [mark, parts] of [
    ["'", 60n],
    ["''", 3600n],
  ] as const) {
    if (total.kind !== 'number' || c.token.kind !== 'digits' || c.peek(1).text !== mark) break;
    const amount = rational(BigInt(c.token.text.slice(0, 9)), parts);
    c.position += 2;
    total = exact(rational(total.value.n * amount.d + amount.n * total.value.d, total.value.d * amount.d));
  }
  return { kind: 'degrees', value: total };
}

/** What stands after `^`. */
function raise(c: Cursor, base: Expression): Expression {
  const circle = c.isMark('°')
    ? 1
    : c.isMark('{') && c.peek(1).text === '°' && c.peek(2).text === '}'
      ? 3
      : 0;
  if (circle > 0) {
    c.position += circle;
    return readDegrees(c, base);
  }
  const decorated = decorate(c, base);
  if (decorated !== undefined) return decorated;
  return power(base, readExponent(c));
}

/** Raised signs that are no exponents: primes, stars, the plus of \mathbb{R}^+, the T of a transpose. */
function decorate(c: Cursor, base: Expression): Expression | undefined {
  const braced = c.isMark('{');
  let at = braced ? 1 : 0;
  const { text } = c.peek(at);
  if (
    text !== "'" &&
    text !== "''" &&
    text !== '*' &&
    text !== '+' &&
    text !== '-' &&
    text !== 'T' &&
    text !== 'top'
  )
    return undefined;
  let primes = '';
  while (c.peek(at).text === "'" || c.peek(at).text === "''") primes += c.peek(at++).text;
  if (primes === '') at++;
  if (braced && c.peek(at++).text !== '}') return undefined;
  if (primes !== '') {
    const value = base.kind === 'number' || base.kind === 'degrees' ? base : undefined;
    if (value !== undefined) {
      c.position += at;
      return { kind: 'quantity', value, unit: [{ name: primes === "'" ? "'" : "''", power: rational(1n) }] };
    }
  }
  if (base.kind === 'matrix' && (text === 'T' || text === 'top')) {
    c.position += at;
    return { kind: 'call', name: 'transpose', args: [base] };
  }
  if (base.kind === 'named-set' && (text === '+' || text === '-' || text === '*')) {
    c.position += at;
    return signedSet(base.name, text) ?? symbol(`${base.name}^${text}`);
  }
  if (text === 'T' || (!braced && (text === '+' || text === '-'))) return undefined;
  if (base.kind !== 'symbol') return undefined;
  c.position += at;
  return symbol(base.name + (primes === '' ? text : primes));
}

function signedSet(name: string, sign: string): Expression | undefined {
  if (name === 'integers' && sign === '+') return { kind: 'named-set', name: 'naturals' };
  if (name !== 'reals' || sign === '*') return undefined;
  const infinity: Expression = { kind: 'constant', name: 'infinity' };
  return sign === '+'
    ? { kind: 'interval', from: integer(0), to: infinity, fromClosed: false, toClosed: false }
    : { kind: 'interval', from: minus(infinity), to: integer(0), fromClosed: false, toClosed: false };
}

/** A group, or one atom with its own power: `2^{3^4}`, `x^-1`. */
function readExponent(c: Cursor): Expression {
  return c.deeper(() => {
    if (c.isMark('{')) {
      const group = readArgument(c);
      // `a^{b}^{c}` is read like a^{b^c}.
      return c.takeMark('^') ? power(group, readExponent(c)) : group;
    }
    const negative = c.takeSigns();
    const base = readAtom(c);
    const exponent = c.takeMark('^') ? power(base, readExponent(c)) : base;
    return negative ? minus(exponent) : exponent;
  });
}
