import { isName } from './names.js';
import type { Token } from './token.js';

/** Words after which an answer only explains itself. */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  (
    'since because where when for if while which that as so with is are was has have such from at by on of out to given ' +
    'respectively only then thus therefore hence but not each in into than i.e. a an the it we can will would be does do'
  ).split(' '),
);

/** Words that begin a remark on the answers before them. */
export const REMARK_WORDS: ReadonlySet<string> = new Set(
  'where since because for if when while with which so as provided given assuming respectively i.e'.split(
    ' ',
  ),
);

/** Words before an answer that are no part of it. */
export const LEADING_WORDS: ReadonlySet<string> = new Set(
  (
    'the answer is final result solution value approximately about approx roughly exactly equals equal to therefore thus ' +
    'so hence we have get are answers solutions there only either both'
  ).split(' '),
);

/** "and", "or", as word or sign. */
export function isConnective(token: Token): boolean {
  return (token.kind === 'word' || token.kind === 'mark') && /^(?:and|or)$/i.test(token.text);
}

/** A word that means nothing in a formula. */
export function isPlainWord(token: Token): boolean {
  return token.kind === 'word' && !isName(token.text) && !isConnective(token);
}

/** Tokens as words again: no commands, one space where there was any. */
export function textOf(tokens: readonly Token[], source: string, from = 0, to = tokens.length): string {
  let text = '';
  for (let i = from; i < to; i++) {
    const { kind, start, end, gap } = tokens[i] as Token;
    if (kind === 'end') break;
    const written = source.slice(start, end);
    if (written === '{' || written === '}') continue;
    if (gap !== '' && gap !== 'tight' && text !== '') text += ' ';
    text += written.startsWith('\\') ? written.replace(/^\\+/, '') : written;
  }
  return text.trim();
}
