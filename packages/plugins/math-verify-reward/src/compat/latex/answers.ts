import type { Expression } from '../../answer/expression.js';
import { symbolAt } from './atoms.js';
import { expression } from './arithmetic.js';
import { negated } from './construct.js';
import { intervalOrPair, setOf, setOperation, tupleOf } from './sets.js';
import { namedSet } from './operands.js';
import {
  chained,
  closed,
  kindAt,
  map,
  once,
  separated,
  followedBy,
  type Reading,
  type Readings,
  type Source,
} from './readings.js';
import { equation, extended, notIn } from './relations.js';
import { sum } from '../../answer/build.js';
import type { TokenKind } from './tokens.js';

/** Elements between commas; groups of them between semicolons. */
type Groups = readonly (readonly Expression[])[];

/**
 * Whole answers, in order of preference: something is or lies in a list; a list of expressions, relations and sets;
 * sets put together.
 */
export function answer(
  source: Source,
): { readonly kind: 'list' | 'other'; readonly make: () => Expression } | undefined {
  const whole = <T>(readings: Readings<T>): Reading<T> | undefined =>
    readings.find(({ end }) => end === source.tokens.length);
  const assigned = whole(assignment(source));
  if (assigned !== undefined) return { kind: 'other', make: assigned.make };
  const list = whole(groups(source, 0, true));
  if (list !== undefined) return { kind: 'list', make: () => setOrTuples(list.make()) };
  const sets = whole(setRelation(source, 0));
  return sets === undefined ? undefined : { kind: 'other', make: sets.make };
}

/** `x = 1, 2`, `(x, y) \in ...`: names, a sign and elements that are no relations. */
function assignment(source: Source): Readings<Expression> {
  return followedBy(
    map(names(source, 0).filter(isFollowedBy(source, 'in', '=')), (left) => left).map(({ end, make }) => ({
      end: end + 1,
      make,
    })),
    (end) => groups(source, end, false),
    (left, right) => equation(left, setOrTuples(right)),
  );
}

function isFollowedBy(
  source: Source,
  ...kinds: readonly TokenKind[]
): (reading: { readonly end: number }) => boolean {
  return ({ end }) => {
    const kind = kindAt(source, end);
    return kind !== undefined && kinds.includes(kind);
  };
}

/** One symbol, or several in parentheses. */
function names(source: Source, at: number): Readings<Expression> {
  if (kindAt(source, at) !== '(') return symbolAt(source, at, true);
  const list = closed(
    source,
    separated(source, at + 1, ',', (place) => symbolAt(source, place, true)),
    ')',
  );
  return map(list, (items) => (items.length === 1 ? (items[0] as Expression) : tupleOf(items)));
}

function groups(source: Source, at: number, relations: boolean): Readings<Groups> {
  return once(source, relations ? 'groups' : 'groups of no relations', at, () =>
    separated(source, at, ';', (group) =>
      map(
        separated(source, group, ',', (place) => element(source, place, relations)),
        (elements) => elements.flat(),
      ),
    ),
  );
}

function setOrTuples(all: Groups): Expression {
  const [first, ...more] = all;
  if (first === undefined) return setOf([]);
  if (more.length === 0) return first.length === 1 ? (first[0] as Expression) : setOf(first);
  if (all.every((group) => group.length === 1)) return setOf(all.flat());
  return setOf(all.map((group) => tupleOf(group)));
}

/** Plus-minus makes two elements of one. */
function element(source: Source, at: number, relations: boolean): Readings<readonly Expression[]> {
  return once(source, relations ? 'element' : 'element of no relation', at, () => [
    ...plusMinus(source, at),
    ...map(setAtom(source, at), (set) => [set]),
    ...map(relations ? relation(source, at) : expression(source, at), (value) => [value]),
  ]);
}

function plusMinus(source: Source, at: number): Readings<readonly Expression[]> {
  if (kindAt(source, at) === 'pm') return map(expression(source, at + 1), (value) => [negated(value), value]);
  return followedBy(
    expression(source, at)
      .filter(isFollowedBy(source, 'pm'))
      .map(({ end, make }) => ({ end: end + 1, make })),
    (end) => expression(source, end),
    (left, right) => [sum(left, right), sum(left, negated(right))],
  );
}

const RELATIONS: readonly TokenKind[] = ['in', '=', '==', '~', '<', '<=', '>', '>=', '!='];

function relation(source: Source, at: number): Readings<Expression> {
  return once(source, 'relation', at, () =>
    chained<{ kind: TokenKind; right: Expression }, Expression>(
      expression(source, at),
      (end) => {
        const kind = kindAt(source, end);
        if (kind === undefined || !RELATIONS.includes(kind)) return [];
        return map(expression(source, end + 1), (right) => ({ kind, right }));
      },
      (left, { kind, right }) => extended(left, kind, right, source.budget),
    ),
  );
}

const OPENING: readonly TokenKind[] = ['(', '\\(', 'lgroup', '[', 'lbrack'];
const CLOSING: readonly TokenKind[] = [')', '\\)', 'rgroup', ']', 'rbrack'];
const CLOSED: readonly (TokenKind | undefined)[] = ['[', 'lbrack', ']', 'rbrack'];

const TUPLES: ReadonlyMap<TokenKind, TokenKind> = new Map<TokenKind, TokenKind>([
  ['(', ')'],
  ['\\(', '\\)'],
  ['[', ']'],
]);

const SETS: ReadonlyMap<TokenKind, TokenKind> = new Map<TokenKind, TokenKind>([
  ['{', '}'],
  ['\\{', '\\}'],
]);

/** An interval, a named set, a tuple or a set in braces. */
function setAtom(source: Source, at: number): Readings<Expression> {
  const kind = kindAt(source, at);
  if (kind === undefined) return [];
  return once(source, 'set', at, () => [
    ...interval(source, at, kind),
    ...namedSet(source, at),
    ...enclosed(source, at, TUPLES.get(kind), (all) => {
      const [only] = all[0] ?? [];
      return all.length === 1 && all[0]?.length === 1 && only !== undefined ? only : tupleOf(all.flat());
    }),
    ...enclosed(source, at, SETS.get(kind), (all) => setOf(all.flat())),
    ...(kind === 'boxed' && kindAt(source, at + 1) === '{' ? enclosed(source, at + 1, '}', setOrTuples) : []),
  ]);
}

function enclosed(
  source: Source,
  at: number,
  close: TokenKind | undefined,
  make: (all: Groups) => Expression,
): Readings<Expression> {
  return close === undefined ? [] : map(closed(source, groups(source, at + 1, true), close), make);
}

function interval(source: Source, at: number, open: TokenKind): Readings<Expression> {
  if (!OPENING.includes(open)) return [];
  return followedBy(
    closed(source, expression(source, at + 1), ','),
    (end) =>
      expression(source, end)
        .filter(isFollowedBy(source, ...CLOSING))
        .map((reading) => ({
          end: reading.end + 1,
          make: () => ({ to: reading.make(), close: kindAt(source, reading.end) }),
        })),
    (from, { to, close }) =>
      intervalOrPair(from, to, CLOSED.includes(open), CLOSED.includes(close), source.budget),
  );
}

/** `x \in A \cup B`, `A \subseteq B`. */
function setRelation(source: Source, at: number): Readings<Expression> {
  const left = names(source, at)
    .filter(isFollowedBy(source, 'in', '=', 'notin'))
    .flatMap((name) =>
      setRelation(source, name.end + 1).map(({ end, make }) => ({
        end,
        make: (): Expression => {
          const set = make();
          return kindAt(source, name.end) === 'notin' ? notIn(name.make(), set) : equation(name.make(), set);
        },
      })),
    );
  return chained<Expression, Expression>(
    [...left, ...difference(source, at)],
    (end) => (isFollowedBy(source, 'subset', 'superset')({ end }) ? setRelation(source, end + 1) : []),
    (a, b) => ({ kind: 'opaque', head: 'truth', parts: [a, b] }),
  );
}

/** Differences of unions of intersections. */
function difference(source: Source, at: number): Readings<Expression> {
  return combined(source, at, 'setminus', 'difference', (a) =>
    combined(source, a, 'union', 'union', (b) =>
      combined(source, b, 'intersection', 'intersection', (c) => setGroup(source, c)),
    ),
  );
}

function combined(
  source: Source,
  at: number,
  sign: 'setminus' | 'union' | 'intersection',
  operation: 'union' | 'intersection' | 'difference',
  part: (at: number) => Readings<Expression>,
): Readings<Expression> {
  return once(source, `sets ${sign}`, at, () =>
    chained<Expression, Expression>(
      part(at),
      (end) => (kindAt(source, end) === sign ? part(end + 1) : []),
      (a, b) => setOperation(operation, a, b),
    ),
  );
}

function setGroup(source: Source, at: number): Readings<Expression> {
  const grouped = kindAt(source, at) === '(' ? closed(source, difference(source, at + 1), ')') : [];
  return [...grouped, ...setAtom(source, at)];
}
