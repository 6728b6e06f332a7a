import type { Expression } from '../../answer/expression.js';
import { integer, power, reciprocal } from '../../answer/build.js';
import { expression, factors } from './arithmetic.js';
import { atom, differentialName, subscript, superscript, symbolAt, type Subscript } from './atoms.js';
import { applied, appliedToAll } from './functions.js';
import { braced, operand } from './operands.js';
import {
  closed,
  distinct,
  kindAt,
  map,
  once,
  separated,
  textOf,
  followedBy,
  Unconvertible,
  type Reading,
  type Readings,
  type Source,
} from './readings.js';
import { plainSymbol } from './symbols.js';
import type { TokenKind } from './tokens.js';

/** Functions, roots, sums, integrals and powers of e. */
export function functionCall(source: Source, at: number): Readings<Expression> {
  const token = source.tokens[at];
  if (token === undefined) return [];
  return once(source, 'function', at, () => {
    switch (token.kind) {
      case 'function':
      case 'gamma':
        return ofOne(source, at + 1, token.text.slice(1));
      case 'function-of-many':
        return ofMany(source, at + 1, token.text.slice(1));
      case 'operatorname':
        return named(source, at);
      case 'sqrt':
        return root(source, at);
      case 'sum':
      case 'prod':
        return series(source, at, token.kind === 'sum' ? 'sum' : 'product');
      case 'lim':
        return limit(source, at);
      case 'int':
        return integral(source, at);
      case 'e':
        return [
          ...map(superscript(source, at + 1), (exponent) => power({ kind: 'constant', name: 'e' }, exponent)),
          { end: at + 1, make: (): Expression => ({ kind: 'constant', name: 'e' }) },
        ];
      default:
        return unknown(source, at);
    }
  });
}

interface Decoration {
  readonly subscript?: Subscript;
  readonly exponent?: Expression;
}

/** What stands below and above the name of a function, in either order. */
function decorations(source: Source, at: number): Readings<Decoration> {
  const below = subscript(source, at);
  const above = superscript(source, at);
  const both = (sub: Subscript, exponent: Expression): Decoration => ({ subscript: sub, exponent });
  return distinct([
    ...followedBy(below, (end) => superscript(source, end), both),
    ...map(below, (sub): Decoration => ({ subscript: sub })),
    ...followedBy(
      above,
      (end) => subscript(source, end),
      (exponent, sub) => both(sub, exponent),
    ),
    ...map(above, (exponent): Decoration => ({ exponent })),
    { end: at, make: () => ({}) },
  ]);
}

function parenthesised(source: Source, at: number): Readings<Expression> {
  return kindAt(source, at) === '(' ? closed(source, expression(source, at + 1), ')') : [];
}

function ofOne(source: Source, at: number, name: string): Readings<Expression> {
  return followedBy(
    decorations(source, at),
    (end) => distinct([...parenthesised(source, end), ...factors(source, end, 'argument')]),
    ({ subscript: below, exponent }, argument) => {
      const base = below?.value();
      return applied(
        {
          name,
          ...(base === undefined ? {} : { subscript: base }),
          ...(exponent === undefined ? {} : { exponent }),
        },
        argument,
      );
    },
  );
}

function ofMany(source: Source, at: number, name: string): Readings<Expression> {
  return decorations(source, at).flatMap((decoration) => {
    if (kindAt(source, decoration.end) !== '(') return [];
    const list = closed(
      source,
      separated(source, decoration.end + 1, ',', (place) => expression(source, place)),
      ')',
    );
    return list.map(({ end }) => ({
      end,
      make: () =>
        appliedToAll(
          name,
          decoration.make().exponent,
          readParts(source, textOf(source, decoration.end + 1, end - 1)),
        ),
    }));
  });
}

/** `\operatorname{name}` */
function named(source: Source, at: number): Readings<Expression> {
  const name = source.tokens[at + 2];
  if (kindAt(source, at + 1) !== '{' || kindAt(source, at + 3) !== '}' || name === undefined) return [];
  if (name.kind === 'name') return ofOne(source, at + 4, name.text);
  return name.kind === 'name-of-many' ? ofMany(source, at + 4, name.text) : [];
}

/** Arguments are cut at every comma, whatever brackets stand around it. */
function readParts(source: Source, text: string): Expression[] {
  const parts = text.split(',');
  if (parts.at(-1) === '') parts.pop();
  return parts.map((part) => source.readText(part));
}

function root(source: Source, at: number): Readings<Expression> {
  const indices: Readings<Expression | undefined> =
    kindAt(source, at + 1) === '['
      ? closed(source, expression(source, at + 2), ']')
      : [{ end: at + 1, make: () => undefined }];
  return followedBy(
    indices,
    (end) => braced(source, end),
    (index, radicand) => power(radicand, reciprocal(index ?? integer(2))),
  );
}

const SIDES: readonly { open: readonly TokenKind[]; close: readonly TokenKind[] }[] = [
  { open: ['('], close: [')'] },
  { open: ['['], close: [']'] },
  { open: ['{', '('], close: [')', '}'] },
  { open: ['{', '['], close: [']', '}'] },
];

/** A letter before one atom or a list in brackets is a function; before anything else it is a factor. */
function unknown(source: Source, at: number): Readings<Expression> {
  return symbolAt(source, at, false).flatMap((head) => {
    const name = textOf(source, at, head.end);
    const exponents: Readings<Expression | undefined> = [
      ...superscript(source, head.end),
      { end: head.end, make: () => undefined },
    ];
    return exponents.flatMap((exponent) =>
      SIDES.flatMap(({ open, close }): Reading<Expression>[] => {
        if (!open.every((kind, i) => kindAt(source, exponent.end + i) === kind)) return [];
        const start = exponent.end + open.length;
        return argumentLists(source, start)
          .filter((end) => close.every((kind, i) => kindAt(source, end + i) === kind))
          .map((end) => ({
            end: end + close.length,
            make: () => {
              const raised = exponent.make();
              const args = readParts(source, textOf(source, start, end));
              const value: Expression = { kind: 'application', name, args };
              return raised === undefined ? value : power(value, raised);
            },
          }));
      }),
    );
  });
}

/** Ends of an atom, or of a list with at least one comma. */
function argumentLists(source: Source, at: number): number[] {
  const list = separated(source, at, ',', (place) => expression(source, place));
  const ends = list.flatMap(({ end }) => (kindAt(source, end) === ',' ? [end + 1, end] : [end]));
  const single = new Set(expression(source, at).map(({ end }) => end));
  return [...atom(source, at).map(({ end }) => end), ...ends.filter((end) => !single.has(end))];
}

/** `_{k=1}^{n}` in either order before the body. */
function series(source: Source, at: number, operation: 'sum' | 'product'): Readings<Expression> {
  const below = (place: number): Readings<readonly [Expression, Expression]> => equationBelow(source, place);
  const bounds = [
    ...followedBy(
      below(at + 1),
      (end) => superscript(source, end),
      (from, to) => [...from, to] as const,
    ),
    ...followedBy(superscript(source, at + 1), below, (to, from) => [...from, to] as const),
  ];
  return followedBy(
    bounds,
    (end) => factors(source, end, 'body'),
    ([index, from, to], body) => {
      if (index.kind !== 'symbol') throw new Unconvertible('the index is no symbol');
      return { kind: 'series', operation, index: index.name, from, to, body };
    },
  );
}

function equationBelow(source: Source, at: number): Readings<readonly [Expression, Expression]> {
  if (kindAt(source, at) !== '_' || kindAt(source, at + 1) !== '{') return [];
  const left = expression(source, at + 2).filter(({ end }) =>
    ['=', '=='].includes(kindAt(source, end) ?? ''),
  );
  return closed(
    source,
    followedBy(
      left.map(({ end, make }) => ({ end: end + 1, make })),
      (end) => expression(source, end),
      (a, b) => [a, b] as const,
    ),
    '}',
  );
}

function limit(source: Source, at: number): Readings<Expression> {
  const variable = source.tokens[at + 3];
  const kind = variable?.kind;
  if (variable === undefined || kindAt(source, at + 1) !== '_' || kindAt(source, at + 2) !== '{') return [];
  if ((kind !== 'letter' && kind !== 'greek' && kind !== 'sign') || kindAt(source, at + 4) !== 'to')
    return [];
  const sides = expression(source, at + 5).flatMap(({ end, make }) => {
    const side = kindAt(source, end + 2);
    const from =
      kindAt(source, end) === '^' && kindAt(source, end + 1) === '{' && (side === '+' || side === '-');
    // From above where nothing is said.
    if (!from) return [{ end, make: () => [make(), integer(1)] }];
    const sign = integer(side === '+' ? 1 : -1);
    return kindAt(source, end + 3) === '}' ? [{ end: end + 4, make: () => [make(), sign] }] : [];
  });
  return followedBy(
    closed(source, sides, '}'),
    (end) => factors(source, end, 'body'),
    (target, body) => ({
      kind: 'opaque',
      head: 'limit',
      parts: [body, plainSymbol(variable.text.replace('\\', '').trim(), source.real), ...target],
    }),
  );
}

interface Integrand {
  readonly body: Expression;
  readonly variable?: string;
}

function integral(source: Source, at: number): Readings<Expression> {
  const bounds: Readings<Decoration> = decorations(source, at + 1).filter(({ end, make }) => {
    if (end === at + 1) return true;
    const { subscript: below, exponent } = make();
    return below !== undefined && exponent !== undefined;
  });
  return followedBy(
    bounds,
    (end) => integrands(source, end),
    ({ subscript: below, exponent }, { body, variable }): Expression => ({
      kind: 'opaque',
      head: 'integral',
      parts: [
        body,
        plainSymbol(variable ?? 'x', source.real),
        ...(below === undefined ? [] : [below.value()]),
        ...(exponent === undefined ? [] : [exponent]),
      ],
    }),
  );
}

/** Something and a differential, a differential alone, a fraction, or anything else. */
function integrands(source: Source, at: number): Readings<Integrand> {
  const body = expression(source, at);
  const variable = (end: number): string => differentialName(source.tokens[end]?.text ?? '');
  const before = ({ end }: { readonly end: number }): boolean => kindAt(source, end) === 'differential';
  return [
    ...body
      .filter(before)
      .map(({ end, make }) => ({ end: end + 1, make: () => ({ body: make(), variable: variable(end) }) })),
    ...(before({ end: at })
      ? [{ end: at + 1, make: (): Integrand => ({ body: integer(1), variable: variable(at) }) }]
      : []),
    ...map(kindAt(source, at) === 'frac' ? operand(source, at) : [], (fraction): Integrand => ({
      body: fraction,
    })),
    ...map(body, (whole): Integrand => ({ body: whole })),
  ];
}
