import type { Expression } from '../../answer/expression.js';
import { call, integer, power, product } from '../../answer/build.js';
import { atom, subscript } from './atoms.js';
import { added, beside, divided, isMatrix, isNumber, negated, subtracted } from './construct.js';
import { functionCall } from './function-calls.js';
import { operand } from './operands.js';
import {
  chained,
  closed,
  kindAt,
  map,
  once,
  pushed,
  followedBy,
  type Reading,
  type Readings,
  type Source,
} from './readings.js';
import type { TokenKind } from './tokens.js';

/**
 * Sums, products and powers. What stands side by side binds tighter than any sign between; a function without
 * parentheses takes everything up to the next sum or function.
 */
export type Place =
  /** Up to a closing bracket, a comma or a relation. */
  | 'expression'
  /** The body of a sum or limit: up to the next plus or minus. */
  | 'body'
  /** The argument of a function without parentheses: as a body, but functions only in front. */
  | 'argument';

/** After these an expression would go on: to read it shorter helps nothing. */
const GOES_ON: ReadonlySet<TokenKind> = new Set<TokenKind>([
  ...([
    'number',
    'scientific',
    'percent',
    'letter',
    'E',
    'e',
    'greek',
    'sign',
    'accent',
    'infinity',
  ] as const),
  ...([
    'partial',
    '(',
    '\\(',
    'lgroup',
    '{',
    '\\{',
    'lbrace',
    '[',
    'lbrack',
    'phantom',
    'boxed',
    'lvert',
  ] as const),
  ...([
    'langle',
    'lfloor',
    'lceil',
    'llcorner',
    'ulcorner',
    'lim',
    'int',
    'sum',
    'prod',
    'function',
    'gamma',
  ] as const),
  ...([
    'function-of-many',
    'sqrt',
    'frac',
    'binom',
    'operatorname',
    'matrix',
    'array',
    'determinant',
    '!',
    '_',
  ] as const),
  ...(['transpose', 'degree', '*', '/', ':', 'mod'] as const),
]);

/** A whole expression: sums of products. */
export function expression(source: Source, at: number): Readings<Expression> {
  return once(source, 'expression', at, () =>
    ending(
      source,
      chained<{ kind: TokenKind | undefined; term: Expression }, Expression>(
        ending(source, factors(source, at, 'expression'), true),
        (end) => {
          const kind = kindAt(source, end);
          if (kind !== '+' && kind !== '-') return [];
          return map(ending(source, factors(source, end + 1, 'expression'), true), (term) => ({
            kind,
            term,
          }));
        },
        (left, { kind, term }) => (kind === '-' ? subtracted(left, term) : added(left, term)),
      ),
      false,
    ),
  );
}

/** Products and quotients with a sign between. */
export function factors(source: Source, at: number, place: Place): Readings<Expression> {
  return once(source, `factors ${place}`, at, () =>
    chained<{ kind: TokenKind | undefined; factor: Expression }, Expression>(
      signed(source, at, place),
      (end) => {
        const kind = kindAt(source, end);
        if (kind !== '*' && kind !== '/' && kind !== ':' && kind !== 'mod') return [];
        return map(signed(source, end + 1, place), (factor) => ({ kind, factor }));
      },
      (left, { kind, factor }) => {
        if (kind === '*') return product(left, factor);
        return kind === 'mod' ? call('mod', left, factor) : divided(left, factor);
      },
    ),
  );
}

/** Any number of signs before what stands side by side. */
function signed(source: Source, at: number, place: Place): Readings<Expression> {
  let start = at;
  let minuses = 0;
  for (let kind = kindAt(source, start); kind === '+' || kind === '-'; kind = kindAt(source, start)) {
    source.budget.spend();
    if (kind === '-') minuses++;
    start++;
  }
  const readings = adjacent(source, start, place);
  if (minuses === 0) return readings;
  return map(readings, (value) => {
    let result = value;
    for (let i = 0; i < minuses; i++)
      result = isNumber(result) ? negated(result) : product(integer(-1), result);
    return result;
  });
}

function adjacent(source: Source, at: number, place: Place): Readings<Expression> {
  return once(source, `adjacent ${place}`, at, () => {
    const parts = chained<Expression, Expression[]>(
      map(marked(source, at, true), (first) => [first]),
      (end) => marked(source, end, place !== 'argument'),
      pushed,
    );
    return map(parts, (all) => all.reduceRight((right, left) => besides(left, right)));
  });
}

function besides(left: Expression, right: Expression): Expression {
  return isMatrix(left) || isMatrix(right) ? product(left, right) : beside(left, right);
}

/** A power with its factorials, primes and degree signs; degrees and primes of numbers mean nothing. */
function marked(source: Source, at: number, functions: boolean): Readings<Expression> {
  return chained<TokenKind, Expression>(
    powers(source, at, functions),
    (end): Reading<TokenKind>[] => {
      const kind = kindAt(source, end);
      if (kind !== '!' && kind !== 'transpose' && kind !== 'degree') return [];
      return [{ end: end + 1, make: () => kind }];
    },
    (base, mark) => {
      if (mark === '!') return call('factorial', base);
      return mark === 'transpose' && isMatrix(base) ? call('transpose', base) : base;
    },
  );
}

function powers(source: Source, at: number, functions: boolean): Readings<Expression> {
  return once(source, functions ? 'powers' : 'powers of no function', at, () =>
    chained<Expression, Expression>(
      functions ? withFunctions(source, at) : operand(source, at),
      (end) => {
        if (kindAt(source, end) !== '^') return [];
        const exponent = atomOrBraced(source, end + 1);
        return [
          ...followedBy(
            exponent,
            (stop) => subscript(source, stop),
            (value) => value,
          ),
          ...exponent,
        ];
      },
      (base, exponent) => power(base, exponent),
    ),
  );
}

function withFunctions(source: Source, at: number): Readings<Expression> {
  return [...functionCall(source, at), ...operand(source, at)];
}

export function atomOrBraced(source: Source, at: number): Readings<Expression> {
  if (kindAt(source, at) === '{') return closed(source, expression(source, at + 1), '}');
  return atom(source, at);
}

/** Leaves out readings that end before what would have to go on. */
function ending(source: Source, readings: Readings<Expression>, inSum: boolean): Readings<Expression> {
  return readings.filter(({ end }) => {
    const kind = kindAt(source, end);
    return kind === undefined || !(GOES_ON.has(kind) || (!inSum && (kind === '+' || kind === '-')));
  });
}
