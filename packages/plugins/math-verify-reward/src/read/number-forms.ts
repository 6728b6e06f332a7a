import { exact } from '../answer/build.js';
import type { Expression, NumberExpression } from '../answer/expression.js';
import { rational } from '../values/rational.js';
import type { Cursor } from './cursor.js';
import { timesPowerOfTen } from './numbers.js';

/** The `10^{n}` after a number and a multiplication sign: one number. */
export function readScientific(c: Cursor, mantissa: Expression): NumberExpression | undefined {
  if (mantissa.kind !== 'number' || c.token.text !== '10' || c.peek(1).text !== '^') return undefined;
  const braced = c.peek(2).text === '{';
  let at = braced ? 3 : 2;
  const sign = c.peek(at).text;
  if (sign === '-' || sign === '+') at++;
  const digits = c.peek(at++);
  if (digits.kind !== 'digits' || digits.text.length > 9) return undefined;
  if (braced && c.peek(at++).text !== '}') return undefined;
  const after = c.peek(at).text;
  if (
    after === '^' ||
    after === '!' ||
    (after === '/' && !braced) ||
    (c.peek(at).kind === 'digits' && !braced)
  )
    return undefined;
  const number = timesPowerOfTen(c, mantissa, sign === '-' ? -BigInt(digits.text) : BigInt(digits.text));
  if (number !== undefined) c.position += at;
  return number;
}

/** `2\frac12`, `2 1/2`: an integer with a proper fraction after it. */
export function readMixed(c: Cursor, whole: NumberExpression): Expression | undefined {
  if (!isExactNumber(whole) || whole.value.d !== 1n || whole.value.n < 0n || c.peek(-1).kind !== 'digits')
    return undefined;
  let at: number;
  let top: string;
  let bottom: string;
  if (c.token.kind === 'digits') {
    if (c.token.gap === '' || c.peek(1).text !== '/' || c.peek(2).kind !== 'digits') return undefined;
    [top, bottom, at] = [c.token.text, c.peek(2).text, 3];
  } else if (c.token.kind === 'command' && FRACTIONS.has(c.token.text)) {
    const first = plainArgument(c, 1);
    const second = first && plainArgument(c, first.end);
    if (!first || !second) return undefined;
    [top, bottom, at] = [first.digits, second.digits, second.end];
  } else return undefined;
  if (top.length > 20 || bottom.length > 20) return undefined;
  const [n, d] = [BigInt(top), BigInt(bottom)];
  if (n === 0n || n >= d) return undefined;
  c.position += at;
  return exact(rational(whole.value.n * d + n, d));
}

export const FRACTIONS: ReadonlySet<string> = new Set([
  'frac',
  'dfrac',
  'tfrac',
  'cfrac',
  'sfrac',
  'nicefrac',
]);

/** An argument that is nothing but digits, at an offset. */
function plainArgument(c: Cursor, at: number): { readonly digits: string; readonly end: number } | undefined {
  if (c.peek(at).kind === 'digits') return { digits: c.peek(at).text, end: at + 1 };
  const braced = c.peek(at).text === '{' && c.peek(at + 1).kind === 'digits' && c.peek(at + 2).text === '}';
  return braced ? { digits: c.peek(at + 1).text, end: at + 3 } : undefined;
}

export function isExactNumber(e: Expression): e is NumberExpression {
  return e.kind === 'number' && e.significant === undefined;
}
