import { CODE, commandEnd, isAsciiLetter, trimSpace } from './range.js';
import { trimFormula } from './trim.js';
import type { Span } from '../result.js';

const ORDER_COMMANDS: ReadonlySet<string> = new Set(
  'lt gt le leq ge geq neq ne equiv in approx iff implies Rightarrow'.split(' '),
);

/** Commands of a calculation with numbers: any other stands for something unknown. */
const CALCULATION_COMMANDS: ReadonlySet<string> = new Set([
  ...(
    'times cdot div frac dfrac tfrac cfrac sqrt left right binom dbinom pi pm text mathrm big Big ' +
    'bigg Bigg bigl bigr displaystyle sin cos tan log ln circ lfloor rfloor lceil rceil cdots dots'
  ).split(' '),
  ...',!%$\\;: {}',
]);

const TEXT_COMMANDS: ReadonlySet<string> = new Set(['text', 'mbox', 'textrm', 'mathrm']);

/** Words between several answers, or before a condition. */
const SEVERAL = /^\{?\s*(?:and|or|if|for|where|when)(?![a-z])/i;

/**
 * The value of a calculation: of `5 \times 6 \times 4 = 120` and of `V = lwh = 120` the last side. An equation in
 * unknowns (`x = 3`, `2x + y = 5`), a list and an inequality stay whole.
 */
export function valueOf(text: string, whole: Span): Span {
  const span = lastRow(text, whole);
  const { start, end } = span;
  let depth = 0;
  let equals = 0;
  let last = -1;
  let unknowns = false;
  for (let i = start; i < end;) {
    const c = text[i] ?? '';
    if (c === '\\') {
      const next = commandEnd(text, i, end);
      const name = text.slice(i + 1, next);
      if (ORDER_COMMANDS.has(name) || name === 'quad' || name === 'qquad') return span;
      if (TEXT_COMMANDS.has(name) && SEVERAL.test(text.slice(next, Math.min(end, next + 20)))) return span;
      if (name === 'begin') depth++;
      else if (name === 'end') depth--;
      else if (equals === 0 && !CALCULATION_COMMANDS.has(name)) unknowns = true;
      i = next;
      continue;
    }
    if ((c === 'a' || c === 'o') && SEVERAL.test(text.slice(i, Math.min(end, i + 4)))) return span;
    if (c === '{' || c === '(' || c === '[') depth++;
    else if (c === '}' || c === ')' || c === ']') depth--;
    else if (depth === 0 && (c === ',' || c === ';') && !isSeparator(text, i, end)) return span;
    else if (c === '<' || c === '>' || c === '≤' || c === '≥' || c === '≠' || c === '≈') return span;
    else if (depth === 0 && c === '=') {
      equals++;
      last = i;
    } else if (equals === 0 && isAsciiLetter(text.charCodeAt(i))) unknowns = true;
    i++;
  }
  if (last < 0 || (equals === 1 && unknowns)) return span;
  let from = last + 1;
  while (from < end && (text.charCodeAt(from) === CODE.space || text[from] === '&')) from++;
  return from < end ? { start: from, end } : span;
}

/** Environments whose rows continue one calculation. */
const ROW_ENVIRONMENTS = /^\\begin\{(align|aligned|gather|gathered|equation|split|eqnarray|multline)(\*?)\}/;

/**
 * The last row of a calculation over several rows (`\begin{align*} ... \\ &= 5 \end{align*}`), where it goes on from
 * the row before or is the only one; other environments, systems of equations among them, stay whole.
 */
function lastRow(text: string, { start, end }: Span): Span {
  const opening = ROW_ENVIRONMENTS.exec(text.slice(start, start + 30));
  const close = `\\end{${opening?.[1] ?? ''}${opening?.[2] ?? ''}}`;
  if (opening === null || !text.startsWith(close, end - close.length)) return { start, end };
  const from = start + opening[0].length;
  const to = end - close.length;
  let row = trimSpace(text, { start: from, end: to });
  if (text.startsWith('\\\\', row.end - 2)) row = trimSpace(text, { start: from, end: row.end - 2 });
  const before = text.lastIndexOf('\\\\', row.end - 1);
  if (before >= from) row = trimSpace(text, { start: before + 2, end: row.end });
  const continues = text[row.start] === '=' || /^&\s*=/.test(text.slice(row.start, row.start + 8));
  return row.start < row.end && (continues || before < from) ? trimFormula(text, row) : { start, end };
}

/** A comma between digits belongs to a number. */
function isSeparator(text: string, i: number, end: number): boolean {
  const digit = (at: number): boolean => at < end && /[0-9]/.test(text[at] ?? '');
  return digit(i - 1) && (digit(i + 1) || text.startsWith('\\!', i + 1));
}
