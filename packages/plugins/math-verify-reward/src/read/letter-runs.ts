import { lookUpUnit } from '../answer/units.js';
import { isName } from './names.js';
import { LEADING_WORDS, REMARK_WORDS } from './text.js';

/** Words of two letters that are worth more than the product of their letters. */
const SHORT_WORDS: ReadonlySet<string> = new Set('or so no of is to if pi ln lg oo sq'.split(' '));

/** Words of three letters, lower case, that a check of their shape would take for a product, or the other way round. */
const WORDS_OF_THREE: ReadonlySet<string> = new Set(
  'out off end old own its use eye egg air age via yes one two six ten all any the and for not odd day min her his its our are was has had who how why but you she non both non via per sum mod add pct'.split(
    ' ',
  ),
);

const CAPITAL_WORDS: ReadonlySet<string> = new Set(
  'YES NO NONE TRUE FALSE AND OR ALL EVEN ODD BOTH NEITHER DNE'.split(' '),
);

/** Function names that a variable may follow without a space: `sinx`, `lnx`, `pir`. */
const PREFIXES = [
  'arcsin',
  'arccos',
  'arctan',
  'sqrt',
  'sin',
  'cos',
  'tan',
  'cot',
  'sec',
  'csc',
  'log',
  'ln',
  'pi',
] as const;

/**
 * Whether a run of letters outside text mode is one word (or name), or letters to be multiplied. A formula does not say:
 * `xyz` and `abc` are products, `Evelyn` and `miles` are words.
 *
 * @param tight - the run touches a digit, a bracket, `^` or `_`: then short runs are rather products
 * @returns the run in pieces, in order; a piece of more than one letter is a word
 */
export function splitRun(run: string, tight: boolean): readonly string[] {
  if (run.length === 1) return [run];
  if (isName(run)) return [run];
  const lower = run.toLowerCase();
  if (lower === 'and' || lower === 'or') return [run];
  if (run === 'Rs') return [run];
  if (run.length === 2) return SHORT_WORDS.has(lower) ? [run] : [...run];
  if (run.startsWith('or') && tight && run.length <= 4) return ['or', ...run.slice(2)];
  if (run.startsWith('and') && tight && run.length <= 5) return ['and', ...run.slice(3)];
  // Before the names of functions: `since` is no sine.
  if (REMARK_WORDS.has(lower)) return [run];
  for (const prefix of PREFIXES) {
    if (run.startsWith(prefix) && run.length <= prefix.length + (prefix.length > 2 ? 2 : 1)) {
      if (lookUpUnit(run) !== undefined) return [run];
      return [prefix, ...run.slice(prefix.length)];
    }
  }
  return isWord(run, lower, tight) ? [run] : [...run];
}

function isWord(run: string, lower: string, tight: boolean): boolean {
  if (run === run.toUpperCase())
    return (
      CAPITAL_WORDS.has(run) || LEADING_WORDS.has(lower) || lookUpUnit(run) !== undefined || run.length > 8
    );
  if (lookUpUnit(run) !== undefined) return true;
  if (WORDS_OF_THREE.has(lower)) return true;
  if (ascending(lower) || !/[aeiouy]/.test(lower)) return run.length > 12;
  if (run.length === 3) {
    return !tight && run.slice(1) === lower.slice(1) && /[^aeiou][aeiouy][^aeiou]/.test(lower);
  }
  return run.length > 4 || !tight;
}

/** Neighbours in the alphabet: abc, xyz, pqr, mn. */
function ascending(run: string): boolean {
  for (let i = 1; i < run.length; i++) if (run.charCodeAt(i) !== run.charCodeAt(i - 1) + 1) return false;
  return true;
}
