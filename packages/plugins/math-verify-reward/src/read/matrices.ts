import type { Expression } from '../answer/expression.js';
import { ALIGNED_ENVIRONMENTS } from './commands.js';
import { skipArgument } from './brackets.js';
import type { Cursor } from './cursor.js';
import { readItems } from './relations.js';

const DETERMINANTS: ReadonlySet<string> = new Set(['vmatrix', 'Vmatrix']);

/** `\begin{...} ... \end{...}`: a matrix; the lines of an alignment; the cases of a function, opaque, each a pair of value and condition. */
export function readMatrix(c: Cursor): Expression {
  c.next();
  const name = nameOf(c);
  if ((name === 'array' || name === 'tabular') && c.isMark('{')) skipArgument(c);
  const cells = c.within({ listed: 0 }, () => c.deeper(readRows));
  if (c.isCommand('end')) {
    c.next();
    nameOf(c);
  }
  const first = cells[0]?.[0];
  if (first === undefined) c.fail('entries');
  if (ALIGNED_ENVIRONMENTS.has(name)) {
    const lines = cells.flat();
    return lines.length === 1 ? first : { kind: 'list', items: lines };
  }
  if (name === 'cases') {
    // A system of equations, or a function by cases.
    const system = cells.every((row) => row.length === 1 && row[0]?.kind === 'relation');
    return system
      ? { kind: 'list', items: cells.flat(), joined: 'and' }
      : {
          kind: 'opaque',
          head: 'cases',
          parts: cells.map((row) => ({ kind: 'tuple', items: row, open: '(', close: ')' })),
        };
  }
  return DETERMINANTS.has(name)
    ? { kind: 'matrix', rows: cells, determinant: true }
    : { kind: 'matrix', rows: cells };
}

function readRows(c: Cursor): readonly (readonly Expression[])[] {
  const rows: Expression[][] = [];
  let row: Expression[] = [];
  while (!c.ended && !c.isCommand('end')) {
    c.budget.spend();
    if (c.takeMark('&') || c.takeMark('.')) continue;
    if (c.takeMark('\\\\')) {
      if (row.length > 0) rows.push(row);
      row = [];
      continue;
    }
    // `\text{if } x > 0`, `\text{otherwise}`
    while (isConditionWord(c)) c.next();
    if (c.token.kind === 'word' && OTHERWISE.has(c.token.text.toLowerCase())) {
      row.push({ kind: 'text', text: c.next().text.toLowerCase() });
      continue;
    }
    const { items } = readItems(
      c,
      (token) =>
        (token.kind === 'mark' && (token.text === '&' || token.text === '\\\\')) ||
        (token.kind === 'command' && token.text === 'end'),
    );
    if (items.length === 0) c.fail('an entry');
    for (const item of items) row.push(item);
    if (!c.ended && !c.isMark('&') && !c.isMark('\\\\') && !c.isMark('.') && !c.isCommand('end'))
      c.fail('the end of an entry');
  }
  if (row.length > 0) rows.push(row);
  return rows;
}

const CONDITION_WORDS: ReadonlySet<string> = new Set(['if', 'for', 'when', 'where']);
const OTHERWISE: ReadonlySet<string> = new Set(['otherwise', 'else']);

function isConditionWord(c: Cursor): boolean {
  return c.token.kind === 'word' && CONDITION_WORDS.has(c.token.text.toLowerCase());
}

/** The name in braces after \begin or \end, its star dropped. */
function nameOf(c: Cursor): string {
  let name = '';
  if (!c.takeMark('{')) return name;
  while (!c.ended && !c.takeMark('}')) {
    const { text } = c.next();
    if (text !== '*') name += text;
  }
  return name;
}
