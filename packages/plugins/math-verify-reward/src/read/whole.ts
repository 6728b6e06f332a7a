import type { Expression } from '../answer/expression.js';
import { explains } from './atoms.js';
import type { Cursor } from './cursor.js';
import { isSeparator, readItems } from './relations.js';
import { isConnective, isPlainWord, LEADING_WORDS, REMARK_WORDS } from './text.js';

const INTRODUCING_MARKS: ReadonlySet<string> = new Set(['=', '~', ':', ',', '=>']);
const NOTHING_ENDS = (): boolean => false;

/**
 * A whole answer: what introduces it is skipped, one item or a list of them is read, what explains it is left.
 *
 * @throws Unreadable
 */
export function readWhole(c: Cursor): Expression {
  skipIntroduction(c);
  const { items, joined } = readItems(c, NOTHING_ENDS);
  const [first] = items;
  if (first === undefined) return c.fail('an answer');
  if (!isFinished(c, first)) return c.fail('the end of the answer');
  if (items.length === 1) return first;
  return joined === undefined ? { kind: 'list', items } : { kind: 'list', items, joined };
}

/** Words such as "the answer is", signs that relate the answer to nothing, derivations before the last arrow. */
function skipIntroduction(c: Cursor): void {
  for (let i = c.tokens.length - 2, depth = 0; i > 0; i--) {
    const { kind, text } = c.tokens[i] ?? c.token;
    if (kind !== 'mark') continue;
    if (text === '}' || text === ')') depth++;
    else if (text === '{' || text === '(') depth--;
    else if (text === '=>' && depth === 0 && i < c.tokens.length - 2) {
      c.position = i + 1;
      break;
    }
  }
  let at = 0;
  while (c.peek(at).kind === 'word' && LEADING_WORDS.has(c.peek(at).text.toLowerCase())) at++;
  // "the answer" alone, or before other words, is text.
  if (at > 0 && c.peek(at).text === ':') at++;
  if (c.peek(at).kind !== 'end' && !isPlainWord(c.peek(at))) c.position += at;
  while (c.token.kind === 'mark' && INTRODUCING_MARKS.has(c.token.text)) c.next();
}

/** Whether what follows the answer only closes or explains it. */
function isFinished(c: Cursor, first: Expression): boolean {
  for (;;) {
    if (c.ended) return true;
    const { kind, text } = c.token;
    if (
      kind === 'mark' &&
      (text === '.' ||
        isSeparator(c.token) ||
        text === '}' ||
        text === '^' ||
        text === '|' ||
        text === ']' ||
        text === ')')
    ) {
      const before = text;
      c.next();
      if (before === '.' && (isPlainWord(c.token) || isConnective(c.token) || c.token.kind === 'letter'))
        return isAnswer(first);
      if (before !== '.' && !isSeparator(c.peek(-1)) && !c.ended && c.token.kind !== 'mark') return false;
      continue;
    }
    if (kind === 'mark' && (text === '(' || text === '['))
      return explains(c.peek(1)) || c.peek(1).text === '~' || c.peek(1).text === '=';
    if (
      kind === 'command' &&
      (text === 'forall' ||
        text === 'because' ||
        text === 'blacksquare' ||
        text === 'qed' ||
        text === 'square' ||
        text === 'checkmark' ||
        text === 'Box')
    )
      return true;
    if (isPlainWord(c.token)) return isAnswer(first) || REMARK_WORDS.has(text.toLowerCase());
    return false;
  }
}

/** More than letters that may be words of two letters, or the article before a noun. */
function isAnswer(e: Expression): boolean {
  if (e.kind === 'product') return e.factors.some(isAnswer);
  return e.kind !== 'symbol' && e.kind !== 'text' && e.kind !== 'constant';
}
