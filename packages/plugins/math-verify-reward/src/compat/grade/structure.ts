import type { Expression } from '../../answer/expression.js';
import type { Budget } from '../../budget.js';
import { sameRational } from '../../values/rational.js';
import { partsOf } from '../latex/relations.js';

/** Elements of a finite set in the order in which they were written, however the set was written. */
export function elementsOf(e: Expression): readonly Expression[] | undefined {
  if (e.kind === 'set' || e.kind === 'list') return e.items;
  return e.kind === 'named-set' && e.name === 'empty' ? [] : undefined;
}

/** Whether two expressions are written alike. */
export function sameStructure(a: Expression, b: Expression, budget: Budget, depth = 0): boolean {
  budget.spend();
  budget.allowNesting(depth / 4);
  if (a === b) return true;
  const [first, second] = [elementsOf(a), elementsOf(b)];
  if (first !== undefined && second !== undefined) return sameElements(first, second, budget, depth);
  if (a.kind !== b.kind || headOf(a) !== headOf(b)) return false;
  if (a.kind === 'number' && b.kind === 'number')
    return sameRational(a.value, b.value) && (a.significant === undefined) === (b.significant === undefined);
  if (a.kind === 'matrix' && b.kind === 'matrix')
    return sameList(
      a.rows.map((row): Expression => ({ kind: 'tuple', items: row, open: '(', close: ')' })),
      b.rows.map((row): Expression => ({ kind: 'tuple', items: row, open: '(', close: ')' })),
      budget,
      depth,
    );
  if (a.kind === 'set-operation' && a.operation !== 'difference')
    return sameElements(partsOf(a), partsOf(b), budget, depth);
  return sameList(partsOf(a), partsOf(b), budget, depth);
}

function sameList(
  a: readonly Expression[],
  b: readonly Expression[],
  budget: Budget,
  depth: number,
): boolean {
  return (
    a.length === b.length && a.every((part, i) => sameStructure(part, b[i] as Expression, budget, depth + 1))
  );
}

function sameElements(
  a: readonly Expression[],
  b: readonly Expression[],
  budget: Budget,
  depth: number,
): boolean {
  const within = (x: Expression, all: readonly Expression[]): boolean =>
    all.some((y) => sameStructure(x, y, budget, depth + 1));
  if (sameList(a, b, budget, depth)) return true;
  return a.length + b.length > 2 && a.every((x) => within(x, b)) && b.every((y) => within(y, a));
}

/** Everything about an expression but its parts. */
function headOf(e: Expression): string {
  switch (e.kind) {
    case 'constant':
    case 'symbol':
    case 'call':
    case 'named-set':
      return e.name;
    case 'application':
      return e.name;
    case 'relation':
      return e.operators.join(' ');
    case 'interval':
      return `${String(e.fromClosed)} ${String(e.toClosed)}`;
    case 'set-operation':
      return e.operation;
    case 'opaque':
      return e.head;
    case 'series':
      return e.operation;
    case 'text':
      return e.text;
    default:
      return '';
  }
}

/** Without elements that are written alike: in order of their first appearance. */
export function distinctElements(items: readonly Expression[], budget: Budget): readonly Expression[] {
  const kept: Expression[] = [];
  for (const item of items) if (!kept.some((other) => sameStructure(item, other, budget))) kept.push(item);
  return kept;
}
