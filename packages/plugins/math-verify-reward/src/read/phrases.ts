import type { Expression, NamedSetExpression } from '../answer/expression.js';
import { MOST_NUMBER_WORDS, numberInWords } from './number-words.js';

/** Words that name a set. */
const SET_PHRASES: Readonly<Record<string, NamedSetExpression['name']>> = {
  'all real numbers': 'reals',
  'all reals': 'reals',
  'the set of all real numbers': 'reals',
  'the set of real numbers': 'reals',
  'the real numbers': 'reals',
  'real numbers': 'reals',
  'all real values': 'reals',
  'all integers': 'integers',
  'all rational numbers': 'rationals',
  'all natural numbers': 'naturals',
  'all positive integers': 'naturals',
  'all complex numbers': 'complex-numbers',
  'empty set': 'empty',
  'the empty set': 'empty',
  'no solution': 'empty',
  'no solutions': 'empty',
  'no real solution': 'empty',
  'no real solutions': 'empty',
};

/** What words mean besides themselves: a number, a set. */
export function meaningOf(text: string): Expression | undefined {
  const phrase = text.toLowerCase();
  if (Object.hasOwn(SET_PHRASES, phrase)) return { kind: 'named-set', name: SET_PHRASES[phrase] ?? 'empty' };
  return numberInWords(phrase.split(/[- ]/, MOST_NUMBER_WORDS + 1));
}
