import type { Expression, NamedSetExpression } from '../answer/expression.js';
import { integer } from '../answer/build.js';
import { NUMBER_WORDS } from './number-words.js';

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
  if (Object.hasOwn(NUMBER_WORDS, phrase)) return integer(NUMBER_WORDS[phrase] ?? 0);
  const [tens = '', ones = '', ...rest] = phrase.split(/[- ]/, 4);
  const [high, low] = [NUMBER_WORDS[tens], NUMBER_WORDS[ones]];
  if (rest.length > 0 || high === undefined || low === undefined || high < 20 || low > 9 || low === 0)
    return undefined;
  return integer(high + low);
}
