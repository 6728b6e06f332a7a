import type { Expression } from '../answer/expression.js';
import { showExpression } from '../answer/show.js';
import { different, same, type Comparison, type Decision } from './decision.js';

const ARTICLES = new Set(['a', 'an', 'the']);

/** Answers in words that say the same; each row's first stands for all. */
const SYNONYMS: readonly (readonly string[])[] = [
  ['yes', 'true', 'correct'],
  ['no', 'false', 'incorrect'],
  [
    'no solution',
    'no solutions',
    'no real solution',
    'no real solutions',
    'none',
    'empty set',
    'there are no solutions',
    'there is no solution',
    'no such number exists',
    'impossible',
    'not possible',
  ],
  ['undefined', 'does not exist', 'dne', 'not defined', 'limit does not exist'],
  [
    'infinitely many',
    'infinitely many solutions',
    'infinite solutions',
    'infinite number of solutions',
    'infinite',
  ],
  ['all real numbers', 'all reals', 'every real number', 'any real number', 'real numbers'],
  ['cannot be determined', 'can not be determined', 'not enough information', 'insufficient information'],
];
const CANONICAL = new Map(
  SYNONYMS.flatMap((row) => row.map((phrase) => [phrase, row[0] as string] as const)),
);

const MONTHS: ReadonlySet<string> = new Set(
  'january february march april may june july august september october november december'.split(' '),
);

function withoutOrdinal(word: string): string {
  return /^\d{1,2}(?:st|nd|rd|th)$/u.test(word) ? word.slice(0, -2) : word;
}

/** Words compared without case, articles and punctuation; a phrase that stands for a symbol is that symbol. */
export function compareWords(
  gold: Expression,
  prediction: Expression,
  comparison: Comparison,
): Omit<Decision, 'rule'> | undefined {
  if (gold.kind !== 'text' && prediction.kind !== 'text') return undefined;
  const [asGold, asPrediction] = [meaningOf(gold), meaningOf(prediction)];
  if (asGold !== gold || asPrediction !== prediction) {
    if (asGold.kind !== 'text' && asPrediction.kind !== 'text')
      return comparison.compare(asGold, asPrediction);
  }
  const [expected, found] = [phraseOf(gold), phraseOf(prediction)];
  if (expected === found) return same('the same words');
  if (gold.kind === 'text' && prediction.kind === 'text' && samePhrases(gold.text, prediction.text))
    return same('the same words, in any order');
  return different(`"${expected}" is expected, "${found}" was found`);
}

/** What a phrase stands for, where it is another way of writing something that is not words. */
function meaningOf(expression: Expression): Expression {
  if (expression.kind !== 'text') return expression;
  const phrase = phraseOf(expression);
  if (phrase === 'no solution') return { kind: 'named-set', name: 'empty' };
  if (phrase === 'all real numbers') return { kind: 'named-set', name: 'reals' };
  if (phrase === 'infinity') return { kind: 'constant', name: 'infinity' };
  if (phrase === 'undefined') return { kind: 'constant', name: 'undefined' };
  return expression;
}

/** `MR` that was read as a product of M and R. */
export function lettersOf(e: Expression): string | undefined {
  if (e.kind !== 'product') return undefined;
  const names = e.factors.map((factor) =>
    factor.kind === 'symbol' && factor.name.length === 1 ? factor.name : '',
  );
  return names.includes('') ? undefined : names.join('');
}

/** Lower case, without articles, punctuation and doubled spaces; of synonyms the first. */
function phraseOf(expression: Expression): string {
  const text =
    expression.kind === 'text' ? expression.text : (lettersOf(expression) ?? showExpression(expression));
  const words: string[] = [];
  for (const word of text
    .normalize('NFKC')
    .toLowerCase()
    .split(/[\s,;:!?"'’“”()[\]{}-]/u)) {
    const bare = word.endsWith('.') ? word.slice(0, -1) : word;
    if (bare !== '' && !ARTICLES.has(bare)) words.push(bare);
  }
  // A date in any order, "July 4th" as "4 July".
  const date = words.some((word) => MONTHS.has(word));
  const phrase = (date ? words.map(withoutOrdinal).sort() : words).join(' ');
  return CANONICAL.get(phrase) ?? phrase;
}

/** `{red, blue}` and "blue and red": each between commas is one. */
function samePhrases(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) =>
    text
      .split(/[,;{}]|\sand\s/u)
      .map((part) => phraseOf({ kind: 'text', text: part }))
      .filter((phrase) => phrase !== '')
      .sort(),
  ) as [string[], string[]];
  return left.length > 1 && left.length === right.length && left.every((phrase, i) => phrase === right[i]);
}

/** Letters of a multiple-choice question. */
export function compareChoices(
  gold: Expression,
  prediction: Expression,
  { compare }: Comparison,
): Omit<Decision, 'rule'> | Decision | undefined {
  if (gold.kind === 'choice' && prediction.kind === 'choice')
    return gold.letter === prediction.letter
      ? same(`both choose ${gold.letter}`)
      : different(`${gold.letter} is expected, ${prediction.letter} was chosen`);
  if (gold.kind === 'choice')
    return gold.content === undefined
      ? letterAlone(gold.letter, prediction)
      : compare(gold.content, prediction);
  if (prediction.kind === 'choice')
    return prediction.content === undefined
      ? letterAlone(prediction.letter, gold)
      : compare(gold, prediction.content);
  return undefined;
}

/** A letter against something that is no choice: a symbol or word of that one letter is the same. */
function letterAlone(letter: string, other: Expression): Omit<Decision, 'rule'> {
  const name = other.kind === 'symbol' ? other.name : other.kind === 'text' ? other.text.trim() : undefined;
  return name?.toUpperCase() === letter
    ? same(`both name ${letter}`)
    : different(`choice ${letter} against something that is no choice`);
}
