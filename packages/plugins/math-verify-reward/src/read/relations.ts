import { call, quotient, symbol } from '../answer/build.js';
import type { Expression, RelationOperator, SetOperationExpression } from '../answer/expression.js';
import { readSum } from './arithmetic.js';
import { explains, startsAtom } from './atoms.js';
import { quotientOf } from './fractions.js';
import { asInterval } from './brackets.js';
import type { Cursor } from './cursor.js';
import { BLACKBOARD } from './names.js';
import { readSpelledBase } from './bases.js';
import { isConnective, isPlainWord, REMARK_WORDS } from './text.js';
import type { Token } from './token.js';

const OPERATORS: Readonly<Record<string, RelationOperator>> = {
  '=': '=',
  '!=': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
  '~': '~',
  in: 'in',
  'not-in': 'not-in',
  subset: 'subset',
  congruent: 'congruent',
};

const SET_OPERATIONS: Readonly<Record<string, SetOperationExpression['operation']>> = {
  cup: 'union',
  cap: 'intersection',
  setminus: 'difference',
};

/** Items of a list, and the word between the last two if there was one. */
export interface Items {
  readonly items: readonly Expression[];
  readonly joined: 'and' | 'or' | undefined;
}

export function isSeparator(token: Token): boolean {
  if (isConnective(token)) return true;
  return (
    token.kind === 'mark' &&
    (token.text === ',' || token.text === ';' || token.text === '\\\\' || token.text === '&')
  );
}

/** Answers one after the other, up to `end` or something that is no answer. */
export function readItems(c: Cursor, end: (token: Token) => boolean): Items {
  const items: Expression[] = [];
  let joined: 'and' | 'or' | undefined;
  while (!c.ended && !end(c.token)) {
    c.budget.spend();
    if (isSeparator(c.token)) {
      if (isConnective(c.token)) joined = c.token.text.toLowerCase() === 'or' ? 'or' : 'and';
      c.next();
      continue;
    }
    // After a whole answer only a wide space, or a number beside a number, begins another.
    const separated =
      items.length === 0 ||
      isSeparator(c.peek(-1)) ||
      c.token.gap === 'wide' ||
      (c.token.kind === 'digits' && c.token.gap !== '');
    if (!separated || (items.length > 0 && isRemark(c))) break;
    if (items.length > 0 && beginsRemark(c)) break;
    if (c.isMark('...') && isSeparator(c.peek(1)) && items.length > 0) {
      c.next();
      items.push(symbol('...'));
      continue;
    }
    if (c.isMark('.') && c.peek(1).kind === 'end') break;
    items.push(readItem(c));
  }
  return { items: items.some(isCongruence) ? congruences(c, items).map(identity) : items, joined };
}

/** A word that begins a remark; "as" comes as two letters. */
function beginsRemark(c: Cursor): boolean {
  const { kind, text } = c.token;
  if (kind === 'word') return REMARK_WORDS.has(text.toLowerCase());
  return (
    kind === 'letter' &&
    text === 'a' &&
    c.peek(1).text === 's' &&
    c.peek(1).gap === '' &&
    c.peek(2).kind === 'word'
  );
}

/** Words that explain the answer before them. */
function isRemark(c: Cursor): boolean {
  if (c.isMark('(')) return explains(c.peek(1));
  return false;
}

/** One answer: a value, a relation or a chain of them, words. */
function readItem(c: Cursor): Expression {
  const operands = [readOperand(c)];
  const operators: RelationOperator[] = [];
  for (;;) {
    const operator = c.token.kind === 'mark' ? OPERATORS[c.token.text] : undefined;
    if (operator === undefined) break;
    c.next();
    // `= <value>` after a line break of an alignment: `x &= 5`.
    c.takeMark('&');
    if (operator === 'congruent') c.congruence = true;
    const right = readOperand(c);
    operators.push(operator);
    operands.push(operator === 'in' || operator === 'not-in' || operator === 'subset' ? asSet(right) : right);
  }
  const relation: Expression =
    operators.length === 0 ? (operands[0] as Expression) : { kind: 'relation', operands, operators };
  if (c.isCommand('over') || c.isCommand('choose') || c.isCommand('atop')) {
    const infix = c.next().text;
    const below = c.deeper(readItem);
    return infix === 'choose'
      ? call('binomial', relation, below)
      : infix === 'over'
        ? quotientOf(relation, below)
        : quotient(relation, below);
  }
  if (relation.kind === 'relation' && operators.includes('congruent')) {
    const modulus = readModulus(c);
    c.congruence = false;
    return modulus === undefined ? relation : { ...relation, modulus };
  }
  if (c.isMark('mid') && !c.inSet && c.bars === 0) {
    c.next();
    return { kind: 'application', name: 'divides', args: [relation, readOperand(c)] };
  }
  return relation;
}

/** `\pmod{6}`, `(\bmod 6)`, `(mod 6)`, `mod 6`. */
function readModulus(c: Cursor): Expression | undefined {
  const start = c.position;
  c.takeMark(',');
  const bracketed = c.takeMark('(') || c.takeMark('[');
  if (
    !c.isCommand('pmod') &&
    !c.isCommand('bmod') &&
    !c.isCommand('mod') &&
    !c.isCommand('pod') &&
    c.token.text !== 'mod'
  ) {
    c.position = start;
    return undefined;
  }
  c.next();
  const modulus = readSum(c);
  if (bracketed && !c.takeMark(')')) c.takeMark(']');
  return modulus;
}

function isCongruence(e: Expression): boolean {
  return e.kind === 'relation' && e.operators.includes('congruent');
}

/** Without a modulus `\equiv` says that two functions are the same. */
function identity(e: Expression): Expression {
  if (e.kind !== 'relation' || e.modulus !== undefined || !e.operators.includes('congruent')) return e;
  return { ...e, operators: e.operators.map((operator) => (operator === 'congruent' ? '=' : operator)) };
}

/** `n \equiv 0, 2 \pmod 6`: the modulus after the last residue holds for all of them. */
function congruences(c: Cursor, items: readonly Expression[]): readonly Expression[] {
  const last = items.findLastIndex(
    (item) => item.kind === 'relation' && item.operators.includes('congruent'),
  );
  const open = items[last];
  if (open?.kind !== 'relation') return items;
  const modulus = open.modulus ?? readModulus(c);
  const residues = items.slice(last + 1);
  if (modulus === undefined || residues.length === 0 || residues.some((item) => item.kind === 'relation')) {
    return modulus === undefined || modulus === open.modulus
      ? items
      : [...items.slice(0, last), { ...open, modulus }, ...residues];
  }
  const first = open.operands[open.operands.length - 1] as Expression;
  const all: Expression = { kind: 'list', items: [first, ...residues] };
  return [...items.slice(0, last), { ...open, operands: [...open.operands.slice(0, -1), all], modulus }];
}

/** A side of a relation: sets joined by their operations, ratios, sums, words. */
export function readOperand(c: Cursor): Expression {
  let left = readRatio(c);
  for (let layers = 1; ; layers++) {
    const operation = setOperationAt(c);
    if (operation === undefined) return left;
    c.budget.allowNesting(c.depth + layers);
    const parts =
      left.kind === 'set-operation' && left.operation === operation ? [...left.parts] : [asSet(left)];
    while (setOperationAt(c) === operation) {
      c.next();
      parts.push(asSet(readRatio(c)));
    }
    left = { kind: 'set-operation', operation, parts };
  }
}

function setOperationAt(c: Cursor): SetOperationExpression['operation'] | undefined {
  return c.token.kind === 'mark' ? SET_OPERATIONS[c.token.text] : undefined;
}

/** What is meant where a set must stand: an interval, a set by its letter. */
function asSet(e: Expression): Expression {
  if (e.kind === 'symbol' && Object.hasOwn(BLACKBOARD, e.name))
    return { kind: 'named-set', name: BLACKBOARD[e.name] ?? 'reals' };
  return asInterval(e);
}

/** `1:2`, `3 to 5`, `10:30 pm`; "3 out of 5" is a fraction. */
function readRatio(c: Cursor): Expression {
  if (isPlainWord(c.token)) return readWords(c);
  const first = readSum(c);
  const based = readSpelledBase(c, first);
  if (based !== undefined) return based;
  const parts = [first];
  while ((c.isMark(':') && !c.inSet) || (isWordAhead(c, 'to') && c.peek(1).kind === 'digits')) {
    c.next();
    if (!startsAtom(c) && !c.isMark('-')) c.fail('the next part of a ratio');
    parts.push(readSum(c));
  }
  if (isWordAhead(c, 'out') && c.peek(1).text === 'of' && c.peek(2).kind === 'digits') {
    c.position += 2;
    return quotientOf(first, readSum(c));
  }
  const meridiem = readMeridiem(c);
  if (parts.length === 1 && meridiem === undefined) return first;
  return meridiem === undefined ? { kind: 'ratio', parts } : { kind: 'ratio', parts, meridiem };
}

function isWordAhead(c: Cursor, word: string): boolean {
  return c.token.kind === 'word' && c.token.text === word;
}

function readMeridiem(c: Cursor): 'am' | 'pm' | undefined {
  const bracketed = c.isMark('(');
  const { kind, text } = c.peek(bracketed ? 1 : 0);
  const lower = text.toLowerCase();
  if (kind !== 'word' || (lower !== 'am' && lower !== 'pm')) return undefined;
  c.position += bracketed ? 2 : 1;
  if (bracketed) c.takeMark(')');
  else c.takeMark('.');
  return lower;
}

/** Words in the place of a value: the name of one before `=`, otherwise text up to the next separator. */
function readWords(c: Cursor): Expression {
  const words: string[] = [];
  while (!c.ended && !isSeparator(c.token)) {
    const { kind, text, gap } = c.token;
    if (kind === 'mark' && Object.hasOwn(OPERATORS, text)) break;
    if (kind === 'mark' && text === '.' && c.peek(1).kind === 'end') break;
    const joins = kind === 'word' || kind === 'letter' || (kind === 'mark' && (text === "'" || text === '-'));
    if (!joins) {
      if (words.length > 0 && kind === 'mark' && (text === ')' || text === '}' || text === ']')) break;
      c.fail('words and nothing else');
    }
    if (gap !== '' || words.length === 0) words.push(text);
    else words[words.length - 1] += text;
    c.next();
  }
  const text = words.join(' ');
  if (c.token.kind === 'mark' && Object.hasOwn(OPERATORS, c.token.text)) {
    c.symbols++;
    return symbol(text);
  }
  return { kind: 'text', text };
}
