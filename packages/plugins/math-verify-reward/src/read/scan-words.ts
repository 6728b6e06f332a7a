import { COMMAND_CHARACTERS } from './characters.js';
import { splitRun } from './letter-runs.js';
import { LETTERS, type Scanner, WORD } from './scanner.js';
import type { Token } from './token.js';

const DIGITS = /[0-9]+/y;
const ORDINAL = /^(?:st|nd|rd|th)$/;
const MERIDIEM = /([ap])(?:m(?![a-zA-Z])|\. ?m(?:\.|(?![a-zA-Z])))/iy;
/** Subscripts without braces that are more than their first letter. */
const SUBSCRIPT_WORDS: ReadonlySet<string> = new Set('max min avg tot total net new old opt'.split(' '));

/** `np.sqrt(2)` */
const PROGRAM_MODULES: ReadonlySet<string> = new Set(['np', 'numpy', 'math', 'Math', 'sympy', 'sp', 'cmath']);

/** A run of digits, or the one that is an argument. */
export function scanDigits(scanner: Scanner): void {
  if (scanner.arguments.single) {
    scanner.push('digits', scanner.text.charAt(scanner.at), scanner.at, scanner.at + 1);
    scanner.arguments.argument();
    return;
  }
  const last = scanner.last();
  const before = scanner.tokens[scanner.tokens.length - 2];
  // `\log_28` is the logarithm of 8 to the base 2.
  const baseOfLog = last?.text === '_' && (before?.text === 'log' || before?.text === 'lg');
  const run = baseOfLog ? scanner.text.charAt(scanner.at) : scanner.match(DIGITS);
  scanner.push('digits', run, scanner.at, scanner.at + run.length);
}

/** A run of ASCII letters: one word, several, or letters by themselves. */
export function scanLetters(scanner: Scanner): void {
  const start = scanner.at;
  const last = scanner.last();
  const touches = scanner.gap === '' ? last : undefined;
  const run = scanner.match(LETTERS);
  if (scanner.arguments.single && scanner.upright === 0) {
    scanner.push('letter', run.charAt(0), start, start + 1);
    scanner.arguments.argument();
    return;
  }
  if (last?.kind === 'digits' || last?.text === ')' || last?.text === '(') {
    const meridiem = scanner.match(MERIDIEM);
    // `10 am`, `p.m.`: but `2am` could be a product, so without full stops the minutes must be there.
    const timed =
      meridiem.includes('.') ||
      scanner.tokens[scanner.tokens.length - 2]?.text === ':' ||
      last.kind !== 'digits';
    if (meridiem !== '' && (timed || (scanner.gap !== '' && meridiem.length === run.length))) {
      scanner.push('word', meridiem.charAt(0).toLowerCase() + 'm', start, start + meridiem.length);
      return;
    }
  }
  if (
    PROGRAM_MODULES.has(run) &&
    scanner.text.charAt(start + run.length) === '.' &&
    /[a-z]/.test(scanner.text.charAt(start + run.length + 1))
  ) {
    scanner.at = start + run.length + 1;
    return;
  }
  if (touches?.kind === 'digits' && ORDINAL.test(run)) {
    scanner.push('word', run, start, start + run.length);
    return;
  }
  if (scanner.upright > 0 && !scanner.inlineFormula) {
    const kind = run.length > 1 ? 'word' : 'letter';
    const whole = kind === 'word' ? scanner.match(WORD) : run;
    scanner.push(kind, whole, start, start + whole.length);
    return;
  }
  if (last?.text === '_' && !SUBSCRIPT_WORDS.has(run))
    scanner.push('letter', run.charAt(0), start, start + 1);
  else if (last?.text === '^') scanner.push('letter', run.charAt(0), start, start + 1);
  else scanRun(scanner, run, touches);
}

function scanRun(scanner: Scanner, run: string, touches: Token | undefined): void {
  const after = scanner.at + run.length;
  // A word with letters outside ASCII, unless those are names such as π: asked first, so that no stretch of such
  // names is looked at again from every letter in it.
  if (
    scanner.text.charCodeAt(after) >= 192 &&
    !Object.hasOwn(COMMAND_CHARACTERS, scanner.text.charAt(after))
  ) {
    const whole = scanner.match(WORD);
    if (whole.length > run.length) {
      scanner.push('word', whole, scanner.at, scanner.at + whole.length);
      return;
    }
  }
  const next = scanner.text.charAt(after);
  const tight =
    (touches !== undefined && touches.kind !== 'word' && touches.text !== ',') ||
    next === '^' ||
    next === '_' ||
    next === '(' ||
    (next >= '0' && next <= '9');
  for (const piece of splitRun(run, tight)) {
    scanner.push(piece.length > 1 ? 'word' : 'letter', piece, scanner.at, scanner.at + piece.length);
  }
}
