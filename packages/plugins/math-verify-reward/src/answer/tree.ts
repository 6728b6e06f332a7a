import type { Expression } from './expression.js';

/** The expressions that `e` is made of, in the order they were written. */
export function childrenOf(e: Expression): readonly Expression[] {
  const children: Expression[] = [];
  mapChildren(e, (child) => {
    children.push(child);
    return child;
  });
  return children;
}

/** The same form with every part replaced by what `f` makes of it. */
export function mapChildren(e: Expression, f: (part: Expression) => Expression): Expression {
  switch (e.kind) {
    case 'number':
    case 'constant':
    case 'symbol':
    case 'based':
    case 'named-set':
    case 'text':
      return e;
    case 'sum':
      return { ...e, terms: e.terms.map(f) };
    case 'product':
      return { ...e, factors: e.factors.map(f) };
    case 'power':
      return { ...e, base: f(e.base), exponent: f(e.exponent) };
    case 'call':
    case 'application':
      return { ...e, args: e.args.map(f) };
    case 'series':
      return { ...e, from: f(e.from), to: f(e.to), body: f(e.body) };
    case 'opaque':
    case 'ratio':
    case 'set-operation':
      return { ...e, parts: e.parts.map(f) };
    case 'plus-minus':
      return { ...e, ...(e.left === undefined ? {} : { left: f(e.left) }), right: f(e.right) };
    case 'quantity':
    case 'percent':
    case 'degrees':
      return { ...e, value: f(e.value) };
    case 'relation':
      return {
        ...e,
        operands: e.operands.map(f),
        ...(e.modulus === undefined ? {} : { modulus: f(e.modulus) }),
      };
    case 'list':
    case 'tuple':
    case 'set':
      return { ...e, items: e.items.map(f) };
    case 'interval':
      return { ...e, from: f(e.from), to: f(e.to) };
    case 'set-builder':
      return { ...e, element: f(e.element), conditions: e.conditions.map(f) };
    case 'matrix':
      return { ...e, rows: e.rows.map((row) => row.map(f)) };
    case 'choice':
      return e.content === undefined ? e : { ...e, content: f(e.content) };
  }
}

/** Whether `test` holds for `e` or any part of it. */
export function someExpression(e: Expression, test: (part: Expression) => boolean): boolean {
  return test(e) || childrenOf(e).some((child) => someExpression(child, test));
}

/** `e` with every free occurrence of a symbol replaced; the index of a sum or product is not free. */
export function substitute(e: Expression, name: string, value: Expression): Expression {
  if (e.kind === 'symbol') return e.name === name ? value : e;
  if (e.kind === 'series' && e.index === name)
    return { ...e, from: substitute(e.from, name, value), to: substitute(e.to, name, value) };
  return mapChildren(e, (part) => substitute(part, name, value));
}

/** Whether two trees say the same in the same words; how many digits a decimal was written with does not matter. */
export function sameTree(a: Expression, b: Expression): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind || label(a) !== label(b)) return false;
  const [left, right] = [childrenOf(a), childrenOf(b)];
  return (
    left.length === right.length && left.every((child, index) => sameTree(child, right[index] as Expression))
  );
}

/** What tells forms of one kind apart besides their parts. */
function label(e: Expression): string {
  switch (e.kind) {
    case 'number':
      return `${String(e.value.n)}/${String(e.value.d)}`;
    case 'constant':
    case 'symbol':
    case 'call':
    case 'application':
    case 'named-set':
      return e.name;
    case 'power':
      return e.root === true ? 'root' : '';
    case 'series':
      return `${e.operation} ${e.index}`;
    case 'opaque':
      return e.head;
    case 'plus-minus':
      return `${e.sign}${e.left === undefined ? '' : ' left'}`;
    case 'quantity':
      return e.unit.map(({ name, power }) => `${name}^${String(power.n)}/${String(power.d)}`).join(' ');
    case 'ratio':
      return e.meridiem ?? '';
    case 'based':
      return `${e.digits}_${String(e.base)}`;
    case 'relation':
      return e.operators.join(' ');
    case 'tuple':
      return e.open + e.close;
    case 'interval':
      return `${String(e.fromClosed)} ${String(e.toClosed)}`;
    case 'set-operation':
      return e.operation;
    case 'matrix':
      return `${e.rows.map((row) => row.length).join(' ')}${e.determinant === true ? ' determinant' : ''}`;
    case 'choice':
      return e.letter;
    case 'text':
      return e.text;
    default:
      return '';
  }
}

/** Text that two trees share if and only if they are the same, as {@link sameTree} has it. */
export function treeKey(e: Expression): string {
  return JSON.stringify(e, (key, value: unknown) =>
    key === 'significant' ? undefined : typeof value === 'bigint' ? value.toString() : value,
  );
}

/** Whether `e` is this whole number, however it was written: 1 and 1.0 are both 1. */
export function isWholeNumber(e: Expression | undefined, n: bigint): boolean {
  return e?.kind === 'number' && e.value.n === n && e.value.d === 1n;
}
