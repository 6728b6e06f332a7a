import { call } from '../answer/build.js';
import type { Expression } from '../answer/expression.js';
import { readArgument } from './brackets.js';
import type { Cursor } from './cursor.js';

const COUNTED = { C: 'binomial', P: 'permutations' } as const;

/** `{}^{5}C_2`, `_nC_k`, `^nP_k`: the number of things to choose from stands before the letter. */
export function readCombinations(c: Cursor): Expression | undefined {
  const start = c.position;
  if (c.isMark('{') && c.peek(1).text === '}') c.position += 2;
  if (c.isMark('^') || c.isMark('_')) {
    c.next();
    const n = readArgument(c);
    const { text } = c.token;
    if ((text === 'C' || text === 'P') && c.peek(1).text === '_') {
      c.next();
      c.next();
      return call(COUNTED[text], n, readArgument(c));
    }
  }
  c.position = start;
  return undefined;
}
