import { difference, minus, power, product, quotient, sum } from '../../answer/build.js';
import type { Expression } from '../../answer/expression.js';
import type { Budget } from '../../budget.js';
import { numberFrom } from '../latex/construct.js';

const TOKEN = /[ \t\f]*(\*\*|[-+*/()]|[0-9]+(?:\.[0-9]*)?|\.[0-9]+)/y;
const BLANK = /[ \t\f]*$/y;
const INTEGER_WITH_LEADING_ZERO = /^0+[1-9]/;

/** Numbers, operators and parentheses. */
type Tokens = readonly string[];

/**
 * Arithmetic as Python reads it, with `^` for powers; undefined where Python does not: `2(3)` calls a number, `007` has
 * leading zeros, `3 4` lacks an operator, and the signs × and ÷ are none of its own.
 */
export function pythonArithmetic(source: string, budget: Budget): Expression | undefined {
  const tokens = tokenise(source.replaceAll('\n', ' ').replaceAll('^', '**'));
  if (!tokens) return undefined;
  const parser = new Parser(tokens, budget);
  const value = parser.sum(1);
  return parser.atEnd ? value : undefined;
}

function tokenise(source: string): Tokens | undefined {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  let end = 0;
  for (let match = TOKEN.exec(source); match; match = TOKEN.exec(source)) {
    const token = match[1] ?? '';
    if (!token.includes('.') && INTEGER_WITH_LEADING_ZERO.test(token)) return undefined;
    tokens.push(token);
    end = TOKEN.lastIndex;
  }
  BLANK.lastIndex = end;
  return BLANK.test(source) ? tokens : undefined;
}

/** One method for each level of precedence, loosest first; undefined where the grammar fails. */
class Parser {
  readonly #tokens: Tokens;
  readonly #budget: Budget;
  #position = 0;

  constructor(tokens: Tokens, budget: Budget) {
    this.#tokens = tokens;
    this.#budget = budget;
  }

  get atEnd(): boolean {
    return this.#position === this.#tokens.length;
  }

  sum(depth: number): Expression | undefined {
    let value = this.#product(depth);
    for (let sign = this.#take('+', '-'); value && sign; sign = this.#take('+', '-')) {
      const term = this.#product(depth);
      value = term && (sign === '+' ? sum(value, term) : difference(value, term));
    }
    return value;
  }

  #product(depth: number): Expression | undefined {
    let value = this.#signed(depth);
    for (let sign = this.#take('*', '/'); value && sign; sign = this.#take('*', '/')) {
      const factor = this.#signed(depth);
      value = factor && (sign === '*' ? product(value, factor) : quotient(value, factor));
    }
    return value;
  }

  #signed(depth: number): Expression | undefined {
    this.#budget.allowNesting(depth);
    const sign = this.#take('+', '-');
    if (!sign) return this.#power(depth);
    const value = this.#signed(depth + 1);
    return value && sign === '-' ? minus(value) : value;
  }

  /** A power binds tighter than a sign before its base, and takes a sign in its exponent. */
  #power(depth: number): Expression | undefined {
    const base = this.#atom(depth);
    if (!base || !this.#take('**')) return base;
    const exponent = this.#signed(depth + 1);
    return exponent && power(base, exponent);
  }

  #atom(depth: number): Expression | undefined {
    this.#budget.spend();
    if (this.#take('(')) {
      const value = this.sum(depth + 1);
      return this.#take(')') ? value : undefined;
    }
    const token = this.#tokens[this.#position] ?? '';
    if (!/^[0-9.]/.test(token)) return undefined;
    this.#position++;
    return numberFrom(token, this.#budget);
  }

  #take(...tokens: readonly string[]): string | undefined {
    const token = this.#tokens[this.#position];
    if (token === undefined || !tokens.includes(token)) return undefined;
    this.#position++;
    return token;
  }
}
