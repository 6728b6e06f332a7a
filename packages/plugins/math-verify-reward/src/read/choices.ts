import type { Expression } from '../answer/expression.js';
import type { Token } from './token.js';

/** A letter of a multiple-choice question at the start of an answer, and where what it stands for begins. */
export interface LetterAhead {
  readonly letter: string;
  /** First token of the content, if there is one. */
  readonly content: number | undefined;
  /** The letter stands alone and could be a symbol: `C`. */
  readonly bare: boolean;
}

const ANNOUNCING = /^(?:option|choice|answer)$/i;

/**
 * `C`, `(C)`, `C)`, `C.`, `Option C`, `(C) 12`, `C. 12`: the letter of a choice. Brackets or a full stop are needed
 * before content, and no sign may follow: `(A)(B)` and `A + B` are formulas.
 */
export function letterAhead(tokens: readonly Token[]): LetterAhead | undefined {
  const at = (i: number): Token => tokens[i] ?? (tokens[tokens.length - 1] as Token);
  let i = 0;
  const announced = at(0).kind === 'word' && ANNOUNCING.test(at(0).text);
  if (announced) {
    i++;
    if (at(i).text === ':' || at(i).text === 'is') i++;
  }
  const opened = at(i).text === '(' || at(i).text === '[';
  if (opened) i++;
  const { kind, text, gap } = at(i++);
  if (kind !== 'letter' || text < 'A' || text > 'Z') return undefined;
  const next = at(i);
  const closed = next.kind === 'mark' && (next.text === ')' || next.text === ']');
  if (opened && (!closed || gap === 'wide')) return undefined;
  if (closed) i++;
  const stopped = at(i).text === '.' || (closed && at(i).text === ':');
  if (stopped) i++;
  if (at(i).kind === 'end' || (at(i).text === ',' && at(i + 1).kind === 'end')) {
    return { letter: text, content: undefined, bare: !closed && !announced };
  }
  if (!closed && !stopped) return undefined;
  return beginsContent(at(i), stopped) ? { letter: text, content: i, bare: false } : undefined;
}

/** After a full stop or closing bracket: content, and not the rest of a formula. */
function beginsContent(token: Token, stopped: boolean): boolean {
  if (token.gap === '' && !token.upright && token.kind !== 'command') return false;
  if (token.kind === 'mark')
    return stopped ? token.text !== '.' : ['$', '\\{', '.', 'langle', 'lfloor', '['].includes(token.text);
  return token.kind !== 'end';
}

/** Only letters that choices have: J is the last that any test uses. */
export function isChoiceLetter(letter: string): boolean {
  return letter >= 'A' && letter <= 'J';
}

/** Letters in a list: `A, C`, `B and D`. */
export function lettersOf(list: readonly Expression[]): readonly Expression[] | undefined {
  const choices: Expression[] = [];
  for (const item of list) {
    if (item.kind !== 'symbol' || item.name.length !== 1 || !isChoiceLetter(item.name)) return undefined;
    choices.push({ kind: 'choice', letter: item.name });
  }
  return choices;
}
