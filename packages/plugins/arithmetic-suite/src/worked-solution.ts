import { valueOf, type Problem } from './problem.js';

/** A solution as the model is to write it: `<think>` + `think` + `</think>` + `answer`. */
export interface WorkedSolution {
  readonly think: string;
  readonly answer: string;
}

/**
 * Works a problem out digit by digit, units first. Columns are separated by commas, the two stages of `mix` and `par`
 * by a semicolon; a carry is the last summand (`9+2+1=12`), a borrow adds ten to the upper digit and is taken from the
 * next column (`12-7=5,4-1-1=2`). No step has an operand of two digits but for the borrowed ten.
 */
export function workedSolution(problem: Problem): WorkedSolution {
  const { a, b } = problem;
  const answer = String(valueOf(problem));
  const stages = (): string[][] => {
    switch (problem.kind) {
      case 'add':
        return [additionColumns(a, b)];
      case 'sub':
        return [subtractionColumns(a, b)];
      case 'mul':
        return [multiplicationColumns(a, b)];
      case 'mix':
        return [multiplicationColumns(a, b), additionColumns(a * b, problem.c)];
      case 'par':
        return [additionColumns(a, b), multiplicationColumns(a + b, problem.c)];
    }
  };
  return {
    think: stages()
      .map((columns) => columns.join(','))
      .join(';'),
    answer,
  };
}

/** The completion without its stop token: what a perfect model's decoded text is. */
export function completionTextOf(problem: Problem): string {
  const { think, answer } = workedSolution(problem);
  return `<think>${think}</think>${answer}`;
}

/** `298 + 7527` gives `8+7=15`, `9+2+1=12`, `2+5+1=8`, `7=7`. */
export function additionColumns(a: number, b: number): string[] {
  const upper = digitsOf(a);
  const lower = digitsOf(b);
  const columns: string[] = [];
  let carry = 0;
  for (let i = 0; i < Math.max(upper.length, lower.length); i += 1) {
    const summands = [upper[i], lower[i], carry === 0 ? undefined : carry].filter((x) => x !== undefined);
    const sum = summands.reduce((total, x) => total + x, 0);
    columns.push(`${summands.join('+')}=${String(sum)}`);
    carry = sum >= 10 ? 1 : 0;
  }
  return columns;
}

/** `523 - 87` gives `13-7=6`, `12-8-1=3`, `5-1=4`; needs a >= b. */
export function subtractionColumns(a: number, b: number): string[] {
  const upper = digitsOf(a);
  const lower = digitsOf(b);
  const columns: string[] = [];
  let borrow = 0;
  for (const [i, digit] of upper.entries()) {
    const taken = [lower[i], borrow === 0 ? undefined : borrow].filter((x) => x !== undefined);
    const total = taken.reduce((sum, x) => sum + x, 0);
    const from = digit < total ? digit + 10 : digit;
    columns.push(`${[from, ...taken].join('-')}=${String(from - total)}`);
    borrow = digit < total ? 1 : 0;
  }
  return columns;
}

/** `234 * 7` gives `4*7=28`, `3*7+2=23`, `2*7+2=16`; b is one digit. */
export function multiplicationColumns(a: number, b: number): string[] {
  const columns: string[] = [];
  let carry = 0;
  for (const digit of digitsOf(a)) {
    const value = digit * b + carry;
    columns.push(`${String(digit)}*${String(b)}${carry === 0 ? '' : `+${String(carry)}`}=${String(value)}`);
    carry = Math.floor(value / 10);
  }
  return columns;
}

/** Decimal digits, units first. */
function digitsOf(n: number): number[] {
  return [...String(n)].reverse().map(Number);
}
