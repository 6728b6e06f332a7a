import type { Expression } from '../answer/expression.js';
import type { Cursor } from './cursor.js';
import { isSeparator, readItems, readOperand } from './relations.js';
import type { Token } from './token.js';
import { integer } from '../answer/build.js';
import { readAtom } from './atoms.js';

/** Opening marks and what closes them. */
export const BRACKETS: Readonly<Record<string, readonly string[]>> = {
  '(': [')', ']'],
  '[': [']', ')', '['],
  '\\{': ['\\}'],
  langle: ['rangle', '>'],
  lfloor: ['rfloor'],
  lceil: ['rceil'],
};

/** A group in braces: nothing but its contents; with commas a set. `{a \over b}` and `{n \choose k}` too. */
export function readGroup(c: Cursor): Expression {
  if (!c.takeMark('{')) c.fail('a group in braces');
  return c.deeper(() => {
    const { items } = readItems(c, (token) => token.text === '}' && token.kind === 'mark');
    const [first] = items;
    if (first !== undefined && items.length === 1 && (c.isMark('|') || c.isMark('mid')))
      return readConditions(c, first, '}');
    if (!c.takeMark('}') && !c.ended) c.fail('the end of a group');
    if (first === undefined) return c.fail('something in the group');
    return items.length === 1 ? first : { kind: 'set', items };
  });
}

/** The argument of a command: a group, or one token. */
export function readArgument(c: Cursor): Expression {
  if (c.isMark('{')) return c.within({ listed: 0 }, readGroup);
  if (c.token.kind === 'digits') return integer(BigInt(boundedDigits(c)));
  return c.deeper(readAtom);
}

/** Skips the argument of a command: a group, or one token. */
export function skipArgument(c: Cursor): void {
  let depth = 0;
  do {
    const { kind, text } = c.next();
    if (kind === 'end') return;
    if (kind === 'mark' && text === '{') depth++;
    if (kind === 'mark' && text === '}') depth--;
  } while (depth > 0);
}

function boundedDigits(c: Cursor): string {
  const { text } = c.next();
  c.budget.allowBits(text.length * 3.33);
  return text;
}

/** What stands between brackets: a value, a tuple, an interval, a set, a floor or ceiling. */
export function readBracket(c: Cursor): Expression {
  const open = c.next().text;
  const closers = open === ']' ? ['[', ']'] : (BRACKETS[open] ?? [')']);
  if (open === 'lfloor' || open === 'lceil') {
    const inside = c.within({ listed: 0 }, () => c.deeper(readOperand));
    if (!c.ended && c.next().text !== closers[0]) c.fail(`a closing ${closers[0]}`);
    return { kind: 'call', name: open === 'lfloor' ? 'floor' : 'ceil', args: [inside] };
  }
  return c.within({ listed: c.listed + 1, inSet: open === '\\{' }, () => {
    const { items } = c.deeper(() => readItems(c, (token) => closes(c, token, closers)));
    if (open === '\\{') return closeSet(c, items);
    if (items.length === 0) c.fail('something between the brackets');
    const close = c.ended ? (closers[0] ?? ')') : c.next().text;
    if (!closers.includes(close)) c.fail(`a closing ${closers[0]}`);
    return bracketed(open, items, close);
  });
}

/** An opening square bracket closes where no item can begin: `[0, 1[`. */
function closes(c: Cursor, token: Token, closers: readonly string[]): boolean {
  if (token.kind !== 'mark' || !closers.includes(token.text)) return false;
  if (token.text !== '[') return true;
  const before = c.peek(-1);
  return (
    !isSeparator(before) &&
    !(before.kind === 'mark' && (Object.hasOwn(BRACKETS, before.text) || before.text === ']'))
  );
}

function bracketed(open: string, items: readonly Expression[], close: string): Expression {
  const [first, second] = items as readonly [Expression, Expression | undefined];
  if (open === 'langle') return { kind: 'tuple', items, open: '<', close: '>' };
  if (second === undefined) return first;
  const outside = open === ']' || close === '[';
  const mixed = outside || (open === '(') !== (close === ')');
  if (items.length === 2 && (mixed || isInfinite(first) || isInfinite(second))) {
    return { kind: 'interval', from: first, to: second, fromClosed: open === '[', toClosed: close === ']' };
  }
  const matrix = open === '[' ? asMatrix(items) : undefined;
  return matrix ?? { kind: 'tuple', items, open: open === '[' ? '[' : '(', close: close === ']' ? ']' : ')' };
}

/** `[[1, 2], [3, 4]]` as programs write matrices. */
function asMatrix(items: readonly Expression[]): Expression | undefined {
  const rows: (readonly Expression[])[] = [];
  for (const item of items) {
    if (item.kind !== 'tuple' || item.open !== '[' || item.close !== ']') return undefined;
    if (rows[0] !== undefined && rows[0].length !== item.items.length) return undefined;
    rows.push(item.items);
  }
  return { kind: 'matrix', rows };
}

function isInfinite(e: Expression): boolean {
  if (e.kind === 'constant') return e.name === 'infinity';
  return e.kind === 'product' && e.factors.length === 2 && e.factors.some(isInfinite);
}

/** Two in round or square brackets are an interval where a set is expected. */
export function asInterval(e: Expression): Expression {
  if (e.kind !== 'tuple' || e.items.length !== 2 || e.open === '<') return e;
  const [from, to] = e.items as readonly [Expression, Expression];
  return { kind: 'interval', from, to, fromClosed: e.open === '[', toClosed: e.close === ']' };
}

/** What stands after the bar or colon of a set builder. */
function readConditions(c: Cursor, element: Expression, closer: string): Expression {
  c.next();
  c.inSet = false;
  const conditions = readItems(c, (token) => token.kind === 'mark' && token.text === closer).items;
  if (!c.takeMark(closer) && !c.ended) c.fail('the end of a set');
  return { kind: 'set-builder', element, conditions };
}

/** `<1, 2>` in plain text. */
export function readVector(c: Cursor): Expression {
  c.next();
  const items = [c.deeper(readOperand)];
  while (c.takeMark(',')) items.push(c.deeper(readOperand));
  if (items.length < 2 || !c.takeMark('>')) c.fail('the end of a vector');
  return { kind: 'tuple', items, open: '<', close: '>' };
}

/** After the items of a set: its end, or the conditions of a set builder. */
function closeSet(c: Cursor, items: readonly Expression[]): Expression {
  const [element] = items;
  if (element !== undefined && items.length === 1 && (c.isMark('|') || c.isMark('mid') || c.isMark(':'))) {
    return readConditions(c, element, '\\}');
  }
  if (!c.takeMark('\\}') && !c.ended) c.fail('the end of a set');
  return items.length === 0 ? { kind: 'named-set', name: 'empty' } : { kind: 'set', items };
}

/** `|x|`, `\|v\|`; of a matrix the determinant. */
export function readBars(c: Cursor): Expression {
  const double = c.next().text === '||';
  const { bars, inSet } = c;
  c.bars++;
  c.inSet = false;
  const inside = c.deeper(readOperand);
  if (!c.takeMark('|') && !c.takeMark('rbar') && !c.takeMark('||') && !c.ended) c.fail('a closing bar');
  c.bars = bars;
  c.inSet = inSet;
  if (inside.kind === 'matrix') return { ...inside, determinant: true };
  return { kind: 'call', name: double ? 'norm' : 'abs', args: [inside] };
}

/** Arguments in round, square or set brackets, or in braces; none where the brackets are empty. */
export function readArgumentList(c: Cursor): readonly Expression[] {
  const open = c.next().text;
  const closers = open === '{' ? ['}'] : (BRACKETS[open] ?? [')']);
  return c.within({ listed: c.listed + 1 }, () => {
    const { items } = c.deeper(() =>
      readItems(c, (token) => token.kind === 'mark' && closers.includes(token.text)),
    );
    if (!c.ended && !closers.includes(c.next().text)) c.fail('the end of the arguments');
    return items;
  });
}
