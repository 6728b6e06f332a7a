import { minus, product, productOf, reciprocal, sumOf } from '../answer/build.js';
import type { Expression, PlusMinusExpression } from '../answer/expression.js';
import { startsAtom } from './atoms.js';
import { quotientOf } from './fractions.js';
import type { Cursor } from './cursor.js';
import { readFactor, readPostfix } from './factors.js';
import { isExactNumber, readMixed, readScientific } from './number-forms.js';
import { attachUnit, joinQuantities, readUnit, type UnitAhead } from './quantities.js';

/** Terms joined by signs, plus-minus among them; a unit after the last counts for all. */
export function readSum(c: Cursor): Expression {
  let terms: Expression[] = [readFirstTerm(c)];
  // Each difference of sets and each plus-minus holds what stands to its left.
  let layers = 0;
  for (;;) {
    const sign = takePlusMinus(c);
    if (sign !== undefined) {
      c.budget.allowNesting(c.depth + ++layers);
      terms = [{ kind: 'plus-minus', left: sumOf(terms), right: readSignedTerm(c), sign }];
    } else if (c.takeMark('+')) terms = withTerm(terms, readSignedTerm(c), false);
    else if (c.takeMark('-')) {
      if (terms.length === 1 && terms.every(isSetLike)) c.budget.allowNesting(c.depth + ++layers);
      terms = withTerm(terms, readSignedTerm(c), true);
    } else {
      const left = sumOf(terms);
      const joined = joinQuantities(c, left);
      if (joined === undefined) return left;
      terms = [joined];
    }
  }
}

function takePlusMinus(c: Cursor): PlusMinusExpression['sign'] | undefined {
  if (c.takeMark('+-')) return 'plus-minus';
  return c.takeMark('-+') ? 'minus-plus' : undefined;
}

function readFirstTerm(c: Cursor): Expression {
  const sign = takePlusMinus(c);
  return sign === undefined ? readSignedTerm(c) : { kind: 'plus-minus', right: readSignedTerm(c), sign };
}

/** One term more, added in place. `18 + 2\pi cm` is a length, not 18 plus a length. */
function withTerm(terms: Expression[], right: Expression, negative: boolean): Expression[] {
  const signed = (term: Expression) => (negative ? minus(term) : term);
  const [first] = terms;
  if (negative && first !== undefined && terms.length === 1 && isSetLike(first))
    return [{ kind: 'set-operation', operation: 'difference', parts: [first, right] }];
  if (right.kind === 'quantity' && terms.every(({ kind }) => kind !== 'quantity' && kind !== 'degrees'))
    return [{ kind: 'quantity', value: sumOf([...terms, signed(right.value)]), unit: right.unit }];
  terms.push(signed(right));
  return terms;
}

function isSetLike(e: Expression): boolean {
  return e.kind === 'named-set' || e.kind === 'set' || e.kind === 'interval' || e.kind === 'set-operation';
}

/** Any number of signs, then a term. */
function readSignedTerm(c: Cursor): Expression {
  const negative = c.takeSigns();
  const term = readTerm(c);
  if (!negative) return term;
  return term.kind === 'quantity' || term.kind === 'percent' || term.kind === 'degrees'
    ? { ...term, value: minus(term.value) }
    : minus(term);
}

/** Factors, divided or multiplied with a sign or without one, and the unit or percent sign after them. */
export function readTerm(c: Cursor): Expression {
  const symbolsBefore = c.symbols;
  const factors: Expression[] = [readFactor(c)];
  let slash = false;
  let moduli = 0;
  for (;;) {
    c.budget.spend();
    const last = factors[factors.length - 1] as Expression;
    if (isTimes(c)) {
      c.next();
      const scientific = factors.length === 1 ? readScientific(c, last) : undefined;
      if (scientific !== undefined) factors[0] = scientific;
      else factors.push(readSignedFactor(c));
      slash = false;
    } else if (c.isMark('/')) {
      c.next();
      const after = c.position;
      const divisor = readSignedFactor(c);
      slash = c.position === after + 1 && divisor.kind === 'number' && divisor.significant === undefined;
      if (slash && c.token.gap === '' && touchesSlash(c) && c.doubt('slash')) {
        divide(factors, product(divisor, readJuxtaposed(c)));
      } else divide(factors, divisor);
    } else if (isModulo(c)) {
      c.next();
      c.budget.allowNesting(c.depth + ++moduli);
      const [left, right] = [productOf(factors), readSignedFactor(c)];
      factors.splice(0, factors.length, { kind: 'call', name: 'mod', args: [left, right] });
    } else {
      const unit = readUnit(c, c.symbols === symbolsBefore, last);
      if (unit !== undefined) {
        attachToFactors(factors, unit);
        // Quantities may be multiplied; anything else after a unit is not part of the term.
        if (c.isMark('*') || c.isMark('/')) continue;
        break;
      }
      const mixed = last.kind === 'number' ? readMixed(c, last) : undefined;
      if (mixed !== undefined) factors[factors.length - 1] = readPostfix(c, mixed);
      else if (startsAtom(c) && !(c.token.kind === 'digits' && last.kind === 'number' && c.token.gap !== ''))
        factors.push(readFactor(c));
      else break;
    }
  }
  let term = productOf(factors);
  if (c.takeMark('%')) term = { kind: 'percent', value: term };
  return term;
}

/** A unit belongs to all factors, or to those after the last that has its own. */
function attachToFactors(factors: Expression[], unit: UnitAhead): void {
  const from = factors.findLastIndex((factor) => factor.kind === 'quantity') + 1;
  factors.push(attachUnit(productOf(factors.splice(from)), unit));
}

function readSignedFactor(c: Cursor): Expression {
  const negative = c.takeSigns();
  const factor = readFactor(c);
  return negative ? minus(factor) : factor;
}

function touchesSlash(c: Cursor): boolean {
  return c.token.kind === 'letter' || (c.token.kind === 'command' && startsAtom(c));
}

/** Factors without a sign or space between them. */
function readJuxtaposed(c: Cursor): Expression {
  const factors = [readFactor(c)];
  while (startsAtom(c) && c.token.gap === '') factors.push(readFactor(c));
  return productOf(factors);
}

/** `*`, or the letter x between numbers. */
function isTimes(c: Cursor): boolean {
  if (c.isMark('*')) return true;
  return (
    c.token.kind === 'letter' &&
    c.token.text === 'x' &&
    c.peek(1).kind === 'digits' &&
    c.peek(-1).kind === 'digits'
  );
}

function isModulo(c: Cursor): boolean {
  if (c.congruence) return false;
  return c.isCommand('bmod') || (c.token.kind === 'word' && c.token.text === 'mod' && c.peek(1).text !== '(');
}

/** Two exact numbers make a fraction; everything else a product with the reciprocal. */
function divide(factors: Expression[], divisor: Expression): void {
  const last = factors[factors.length - 1] as Expression;
  if (isExactNumber(last)) factors[factors.length - 1] = quotientOf(last, divisor);
  else factors.push(reciprocal(divisor));
}
