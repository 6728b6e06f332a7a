import { isWholeNumber } from '../../answer/tree.js';
import type { Expression } from '../../answer/expression.js';
import { printedName } from '../latex/compat-value.js';

/** Where one side is a single symbol: by name, a product of symbols by its letters put together. */
export function sameSymbol(gold: Expression, prediction: Expression): boolean {
  if (gold.kind === 'symbol' && prediction.kind === 'symbol')
    return comparable(gold.name) === comparable(prediction.name);
  const [name, other] = gold.kind === 'symbol' ? [gold.name, prediction] : [nameOf(prediction), gold];
  const wanted = printedName(name).toLowerCase();
  const letters = lettersOf(other);
  if (letters !== undefined) return wanted === letters.toLowerCase();
  return printedName(name) === printed(other);
}

/** Single letters keep their case. */
function comparable(name: string): string {
  const printed = printedName(name);
  return printed.length > 1 ? printed.toLowerCase() : printed;
}

function nameOf(e: Expression): string {
  return e.kind === 'symbol' ? e.name : '';
}

/** Names of the factors in order, Euler's number among them. */
function lettersOf(e: Expression): string | undefined {
  if (isEuler(e)) return 'e';
  if (e.kind !== 'product') return undefined;
  let letters = '';
  for (const factor of e.factors) {
    if (factor.kind !== 'symbol' && !isEuler(factor)) return undefined;
    letters += factor.kind === 'symbol' ? printedName(factor.name) : 'e';
  }
  return letters;
}

function isEuler(e: Expression): boolean {
  return e.kind === 'constant' && e.name === 'e';
}

/** How sympy prints a number, or a product or quotient of numbers and symbols; undefined for what has spaces in it. */
function printed(e: Expression): string | undefined {
  switch (e.kind) {
    case 'number':
      if (e.significant !== undefined) return undefined;
      return e.value.d === 1n ? e.value.n.toString() : `${e.value.n.toString()}/${e.value.d.toString()}`;
    case 'symbol':
      return printedName(e.name);
    case 'constant':
      return PRINTED_CONSTANTS[e.name];
    case 'power': {
      const [base, exponent] = [printed(e.base), printed(e.exponent)];
      return base === undefined || exponent === undefined ? undefined : `${base}**${exponent}`;
    }
    case 'product':
      return printedProduct(e.factors);
    default:
      return undefined;
  }
}

const PRINTED_CONSTANTS: Partial<Record<string, string>> = { pi: 'pi', e: 'E', i: 'I', infinity: 'oo' };

function printedProduct(factors: readonly Expression[]): string | undefined {
  const [first, ...rest] = factors;
  if (first?.kind === 'number' && first.value.n === -1n && first.value.d === 1n && rest.length > 0) {
    const positive = printedProduct(rest);
    return positive === undefined ? undefined : `-${positive}`;
  }
  const above: string[] = [];
  const below: string[] = [];
  for (const factor of factors) {
    const inverse = factor.kind === 'power' && isWholeNumber(factor.exponent, -1n);
    const text = printed(inverse ? factor.base : factor);
    if (text === undefined) return undefined;
    (inverse ? below : above).push(text);
  }
  const top = above.length === 0 ? '1' : above.join('*');
  if (below.length === 0) return top;
  return below.length === 1 ? `${top}/${below.join('')}` : `${top}/(${below.join('*')})`;
}
