import type { Expression } from '../../answer/expression.js';
import { minus } from '../../answer/build.js';
import type { Budget } from '../../budget.js';
import { answer } from './answers.js';
import type { CompatValue } from './compat-value.js';
import { numberFrom } from './construct.js';
import { Unconvertible, type Source } from './readings.js';
import { tokenise } from './tokenise.js';
import { isComplex } from './realness.js';

/** Longer strings than this are not read: Math-Verify's own parser runs into its time limit on them. */
const MOST_TOKENS = 500;

/** What latex2sympy2_extended makes of a normalised LaTeX string; undefined where its grammar or conversion fails. */
export function latexToValue(latex: string, budget: Budget): CompatValue | undefined {
  const value = attempt(latex, budget);
  if (value !== undefined) return value;
  const last = lastSide(latex);
  return last === undefined ? undefined : attempt(last, budget);
}

function attempt(latex: string, budget: Budget): CompatValue | undefined {
  try {
    return read(latex, !isComplex(latex), budget, 1);
  } catch (error) {
    if (error instanceof Unconvertible) return undefined;
    throw error;
  }
}

/** @throws Unconvertible */
function read(latex: string, real: boolean, budget: Budget, depth: number): Expression {
  budget.allowNesting(depth);
  const tokens = tokenise(latex, budget);
  if (tokens === undefined || tokens.length === 0 || tokens.length > MOST_TOKENS)
    throw new Unconvertible('no words');
  const source: Source = {
    tokens,
    budget,
    real,
    depth: 0,
    height: 0,
    memo: new Map(),
    readText: (text) => read(text, real, budget, depth + 1),
  };
  const found = answer(source);
  if (found === undefined) throw new Unconvertible('not in the language');
  if (found.kind === 'list') {
    const number = groupedNumber(latex, budget);
    if (number !== undefined) return number;
  }
  return found.make();
}

/** `1,234` without spaces is one number and not a list; `0,111` a decimal. */
function groupedNumber(latex: string, budget: Budget): Expression | undefined {
  const plain = latex.trim();
  const negative = plain.startsWith('-');
  const [whole = '', decimals, ...more] = (negative ? plain.slice(1) : plain).split('.');
  const [first = '', ...groups] = whole.split(',');
  if (groups.length === 0 || more.length > 0 || (decimals !== undefined && !isDigits(decimals)))
    return undefined;
  if (!isDigits(first) || first.length > 3 || !groups.every((group) => isDigits(group) && group.length === 3))
    return undefined;
  if (latex.startsWith('0')) {
    if (groups.length > 1 || decimals !== undefined) throw new Unconvertible('not a number');
    return numberFrom(`${first}.${groups.join('')}`, budget);
  }
  const number = numberFrom(first + groups.join('') + (decimals === undefined ? '' : `.${decimals}`), budget);
  return negative ? minus(number) : number;
}

function isDigits(text: string): boolean {
  return text.length > 0 && Array.from(text).every((character) => character >= '0' && character <= '9');
}

/** What stands after the last of several equals signs, where there is only one answer. */
function lastSide(latex: string): string | undefined {
  if (latex.includes(',') || latex.includes(';')) return undefined;
  let parts = 1;
  let last = 0;
  for (let at = 0; at < latex.length; at++) {
    if (latex.charAt(at) !== '=' || '\\<!>'.includes(latex.charAt(at - 1) || ' ')) continue;
    parts++;
    last = at + 1;
  }
  return parts > 2 ? latex.slice(last) : undefined;
}
