import type { Expression, NamedSetExpression } from '../../answer/expression.js';
import { call } from '../../answer/build.js';
import { expression, factors } from './arithmetic.js';
import { atom, differentialName } from './atoms.js';
import { binomialOf, COMPLEX_INFINITY, divided, isMatrix, matrixOf, negated } from './construct.js';
import {
  closed,
  kindAt,
  map,
  once,
  separated,
  textOf,
  followedBy,
  Unconvertible,
  type Readings,
  type Source,
} from './readings.js';
import { plainSymbol } from './symbols.js';
import type { TokenKind } from './tokens.js';

/** Brackets around one expression, and what they make of it. */
const BRACKETS: ReadonlyMap<TokenKind, readonly [TokenKind, (inner: Expression) => Expression]> = new Map([
  ['(', [')', same]],
  ['lgroup', ['rgroup', same]],
  ['{', ['}', same]],
  ['[', [']', same]],
  ['\\{', ['\\}', same]],
  ['lbrace', ['rbrace', same]],
  ['lbrack', ['rbrack', same]],
  ['norm', ['norm', (inner) => ofMatrix(inner)]],
  ['|', ['|', (inner) => call('abs', inner)]],
  ['lvert', ['rvert', (inner) => call('abs', inner)]],
  ['vert', ['vert', (inner) => call('abs', inner)]],
  ['langle', ['rangle', () => fail('angle brackets have no value')]],
  ['lfloor', ['rfloor', (inner) => call('floor', inner)]],
  ['llcorner', ['lrcorner', (inner) => call('floor', inner)]],
  ['lceil', ['rceil', (inner) => call('ceil', inner)]],
  ['ulcorner', ['urcorner', (inner) => call('ceil', inner)]],
] as const satisfies readonly (readonly [
  TokenKind,
  readonly [TokenKind, (inner: Expression) => Expression],
])[]);

/** Anything but a function: brackets, atoms, fractions, binomials, matrices. */
export function operand(source: Source, at: number): Readings<Expression> {
  const kind = kindAt(source, at);
  if (kind === undefined) return [];
  return once(source, 'operand', at, () => {
    const brackets = BRACKETS.get(kind);
    if (brackets !== undefined) {
      const inner = expression(source, at + 1);
      const [close, change] = brackets;
      const grouped = map(closed(source, inner, close), change);
      return kind === '{' ? [...grouped, ...choice(source, inner)] : grouped;
    }
    switch (kind) {
      case 'phantom':
      case 'boxed':
        return braced(source, at + 1);
      case 'frac':
        return fraction(source, at);
      case 'binom':
        return followedBy(
          braced(source, at + 1),
          (end) => braced(source, end),
          (n, k) => binomialOf(n, k, source.budget),
        );
      case 'matrix':
        return closed(source, rows(source, at + 1), 'end-matrix');
      case 'array':
        return closed(source, rows(source, at + 1), 'end-array');
      case 'determinant':
        return map(closed(source, rows(source, at + 1), 'end-determinant'), (inner) =>
          call('determinant', inner),
        );
      default:
        return atom(source, at);
    }
  });
}

export function braced(source: Source, at: number): Readings<Expression> {
  return kindAt(source, at) === '{' ? closed(source, expression(source, at + 1), '}') : [];
}

/** `{n \choose k}` */
function choice(source: Source, upper: Readings<Expression>): Readings<Expression> {
  return followedBy(
    closed(source, upper, 'choose'),
    (end) => closed(source, expression(source, end), '}'),
    (n, k) => binomialOf(n, k, source.budget),
  );
}

function fraction(source: Source, at: number): Readings<Expression> {
  const above = braced(source, at + 1);
  return above.flatMap((top) =>
    braced(source, top.end).flatMap((bottom) => {
      const inside = [
        [at + 2, top.end - 1],
        [top.end + 1, bottom.end - 1],
      ] as const;
      const operands = isOperator(source, ...inside) ? factors(source, bottom.end, 'body') : [];
      if (operands.length > 0) return map(operands, (body) => derivativeBy(source, inside[1], body));
      return [
        { end: bottom.end, make: () => derivative(source, ...inside) ?? quotient(top.make(), bottom.make()) },
      ];
    }),
  );
}

/** `\frac{d}{dx}` */
function isOperator(
  source: Source,
  top: readonly [number, number],
  bottom: readonly [number, number],
): boolean {
  return (
    bottom[1] - bottom[0] === 1 &&
    source.tokens[bottom[0]]?.kind === 'differential' &&
    textOf(source, ...top) === 'd'
  );
}

function derivativeBy(source: Source, bottom: readonly [number, number], body: Expression): Expression {
  const variable = plainSymbol(differentialName(source.tokens[bottom[0]]?.text ?? ''), source.real);
  return { kind: 'opaque', head: 'derivative', parts: [body, variable] };
}

function quotient(top: Expression, bottom: Expression): Expression {
  if (bottom.kind === 'number' && bottom.value.n === 0n && isMatrix(top)) return COMPLEX_INFINITY;
  return divided(top, bottom);
}

/** `\frac{dy}{dx}` is a derivative; `\frac{d}{dx}` without anything after it fails. */
function derivative(
  source: Source,
  top: readonly [number, number],
  bottom: readonly [number, number],
): Expression | undefined {
  const below = source.tokens[bottom[0]];
  if (bottom[1] - bottom[0] !== 1 || below?.kind !== 'differential') return undefined;
  const text = textOf(source, ...top);
  if (!text.startsWith('d')) return undefined;
  if (text === 'd') return fail('derivative without an operand');
  return derivativeBy(source, bottom, source.readText(text.slice(1)));
}

function rows(source: Source, at: number): Readings<Expression> {
  const all = separated(source, at, '\\\\', (start) =>
    separated(source, start, '&', (cell) => expression(source, cell)),
  );
  return all.flatMap(({ end, make }) => {
    const matrix = (): Expression => matrixOf(make());
    return kindAt(source, end) === '\\\\'
      ? [
          { end: end + 1, make: matrix },
          { end, make: matrix },
        ]
      : [{ end, make: matrix }];
  });
}

const NAMED_SETS: Readonly<Record<string, NamedSetExpression['name']>> = {
  '\\mathbb{N}': 'naturals',
  ℕ: 'naturals',
  '\\mathbb{Z}': 'integers',
  ℤ: 'integers',
  '\\mathbb{Q}': 'rationals',
  ℚ: 'rationals',
  '\\mathbb{C}': 'complex-numbers',
  ℂ: 'complex-numbers',
  '\\emptyset': 'empty',
  '∅': 'empty',
  '\\{\\}': 'empty',
  '\\lbrace\\rbrace': 'empty',
};

const INFINITY: Expression = { kind: 'constant', name: 'infinity' };

/** The reals are the open interval between the infinities. */
const REALS: Expression = {
  kind: 'interval',
  from: negated(INFINITY),
  to: INFINITY,
  fromClosed: false,
  toClosed: false,
};

/** A set with a name of its own, or `{}`. */
export function namedSet(source: Source, at: number): Readings<Expression> {
  if (kindAt(source, at) === '{' && kindAt(source, at + 1) === '}')
    return [{ end: at + 2, make: () => ({ kind: 'named-set', name: 'empty' }) }];
  const token = source.tokens[at];
  if (token?.kind !== 'named-set') return [];
  if (token.text === 'ℝ' || token.text === '\\mathbb{R}') return [{ end: at + 1, make: () => REALS }];
  const name = NAMED_SETS[token.text];
  return [
    {
      end: at + 1,
      make: () => (name === undefined ? fail('a set without a value') : { kind: 'named-set', name }),
    },
  ];
}

function same(inner: Expression): Expression {
  return inner;
}

function ofMatrix(inner: Expression): Expression {
  return isMatrix(inner) ? call('norm', inner) : fail('norm of what is no matrix');
}

function fail(reason: string): never {
  throw new Unconvertible(reason);
}
