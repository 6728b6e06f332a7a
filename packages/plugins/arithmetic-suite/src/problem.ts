import { DoppioError, type RandomStream } from '@doppio/core';

/** Sum, difference, product with one digit, `a*b+c`, `(a+b)*c`. */
export const KINDS = ['add', 'sub', 'mul', 'mix', 'par'] as const;
export type Kind = (typeof KINDS)[number];

/** A problem; its answer is a non-negative integer. `difficulty` is the number of digits of the largest operand. */
export type Problem =
  | {
      readonly kind: 'add' | 'sub' | 'mul';
      readonly difficulty: number;
      readonly a: number;
      readonly b: number;
    }
  | {
      readonly kind: 'mix' | 'par';
      readonly difficulty: number;
      readonly a: number;
      readonly b: number;
      readonly c: number;
    };

/**
 * Difficulties that each kind has. Two-stage kinds stop early because their worked solution would not fit in
 * {@link MAX_COMPLETION_TOKENS} (`mix`) or their question not in {@link MAX_PROMPT_TOKENS} (`par`).
 */
export const DIFFICULTIES: Readonly<Record<Kind, readonly number[]>> = {
  add: [2, 3, 4],
  sub: [2, 3, 4],
  mul: [2, 3, 4],
  mix: [2, 3],
  par: [2],
};

/** Chat template and generation prompt included. */
export const MAX_PROMPT_TOKENS = 19;
/** Both think tags and the stop token included. */
export const MAX_COMPLETION_TOKENS = 47;

/**
 * Draws a problem. One operand has `difficulty` digits, the other two to `difficulty`; one-digit factors are 2 to 9.
 * In `mix` the product's long factor has two digits and the summand has `difficulty`.
 *
 * @throws DoppioError ARITHMETIC_DIFFICULTY when the kind has no such difficulty
 */
export function problemOf(kind: Kind, difficulty: number, stream: RandomStream): Problem {
  if (!DIFFICULTIES[kind].includes(difficulty))
    throw new DoppioError('ARITHMETIC_DIFFICULTY', {
      what: `Arithmetic problems of kind ${kind} do not come in this difficulty.`,
      where: 'problemOf(kind, difficulty)',
      seen: String(difficulty),
      fix: `Use one of ${DIFFICULTIES[kind].join(', ')}.`,
    });
  switch (kind) {
    case 'add': {
      const [a, b] = pair(difficulty, stream);
      return { kind, difficulty, a, b };
    }
    case 'sub': {
      const [x, y] = pair(difficulty, stream);
      return { kind, difficulty, a: Math.max(x, y), b: Math.min(x, y) };
    }
    case 'mul':
      return { kind, difficulty, a: number(difficulty, stream), b: factor(stream) };
    case 'mix':
      return { kind, difficulty, a: number(2, stream), b: factor(stream), c: number(difficulty, stream) };
    case 'par': {
      const [a, b] = pair(difficulty, stream);
      return { kind, difficulty, a, b, c: factor(stream) };
    }
  }
}

/** The problem as written, e.g. `298+7527`. */
export function expressionOf(problem: Problem): string {
  const { a, b } = problem;
  switch (problem.kind) {
    case 'add':
      return `${String(a)}+${String(b)}`;
    case 'sub':
      return `${String(a)}-${String(b)}`;
    case 'mul':
      return `${String(a)}*${String(b)}`;
    case 'mix':
      return `${String(a)}*${String(b)}+${String(problem.c)}`;
    case 'par':
      return `(${String(a)}+${String(b)})*${String(problem.c)}`;
  }
}

/** What the user asks, e.g. `298+7527=?`. */
export function questionOf(problem: Problem): string {
  return `${expressionOf(problem)}=?`;
}

/** The answer, worked out by plain arithmetic (independent of the worked solution). */
export function valueOf(problem: Problem): number {
  const { a, b } = problem;
  switch (problem.kind) {
    case 'add':
      return a + b;
    case 'sub':
      return a - b;
    case 'mul':
      return a * b;
    case 'mix':
      return a * b + problem.c;
    case 'par':
      return (a + b) * problem.c;
  }
}

function pair(difficulty: number, stream: RandomStream): [number, number] {
  const long = number(difficulty, stream);
  const other = number(2 + stream.integer(difficulty - 1), stream);
  return stream.integer(2) === 0 ? [long, other] : [other, long];
}

/** Uniform among the numbers with this many digits. */
function number(digits: number, stream: RandomStream): number {
  const smallest = 10 ** (digits - 1);
  return smallest + stream.integer(9 * smallest);
}

function factor(stream: RandomStream): number {
  return 2 + stream.integer(8);
}
