import {
  COMMAND_CHARACTERS,
  MARK_CHARACTERS,
  MARK_RUNS,
  SUBSCRIPTS,
  SUPERSCRIPTS,
  VULGAR_FRACTIONS,
} from './characters.js';
import { scanSpaces } from './scan-spaces.js';
import { type Scanner, SPACES, WORD } from './scanner.js';

const RUNS_BY_CHARACTER = new Map(
  MARK_RUNS.map(([run]) => run.charAt(0)).map((char) => [
    char,
    MARK_RUNS.filter(([run]) => run.startsWith(char)),
  ]),
);
const NO_RUNS: typeof MARK_RUNS = [];

/** An ASCII character that is no digit, letter, brace, backslash or dollar sign. */
export function scanAscii(scanner: Scanner, char: string): void {
  const { text } = scanner;
  const at = scanner.at;
  if (char === '~') {
    if (text.charAt(at + 1) === '=') return scanner.mark('~', at + 2);
    scanner.at++;
    return scanner.widen('thin');
  }
  if (char === '[' && scanner.last()?.text === 'sqrt' && scanner.arguments.single)
    scanner.arguments.openIndex();
  if (char === ']' && scanner.arguments.closeIndex()) return scanner.mark(']', at + 1);
  if (char === '!' && text.charAt(at + 1) === '=' && text.charAt(at + 2) === '=')
    return scanner.mark('!', at + 1);
  for (const [run, mark] of RUNS_BY_CHARACTER.get(char) ?? NO_RUNS) {
    if (text.startsWith(run, at)) return scanner.mark(mark, at + run.length);
  }
  if (char === '"' || char === '`' || (char === '&' && scanner.environments.at(-1))) {
    scanner.at++;
    return;
  }
  scanner.mark(char, at + 1);
  if (scanner.arguments.single && char !== '(' && char !== '[' && char !== '-' && char !== '+')
    scanner.arguments.argument();
}

/** A character outside ASCII. */
export function scanForeign(scanner: Scanner, char: string): void {
  const at = scanner.at;
  const end = at + 1;
  if (Object.hasOwn(MARK_CHARACTERS, char)) return scanner.mark(MARK_CHARACTERS[char] ?? char, end);
  if (Object.hasOwn(SUPERSCRIPTS, char)) return scanScript(scanner, '^', SUPERSCRIPTS);
  if (Object.hasOwn(SUBSCRIPTS, char)) return scanScript(scanner, '_', SUBSCRIPTS);
  const fraction = VULGAR_FRACTIONS[char];
  if (fraction !== undefined) {
    scanner.push('command', 'frac', at, end);
    for (const part of fraction) scanner.push('digits', part, at, end);
    return;
  }
  if (Object.hasOwn(COMMAND_CHARACTERS, char)) {
    const name = COMMAND_CHARACTERS[char] ?? char;
    // √12 is the root of 12, unlike \sqrt12.
    scanner.arguments.command(0);
    return scanner.push('command', name, at, end);
  }
  if (scanner.match(SPACES) !== '') return scanSpaces(scanner);
  const word = scanner.match(WORD);
  if (word !== '') return scanner.push(word.length > 1 ? 'word' : 'letter', word, at, at + word.length);
  // Pictures and other characters that mean nothing here, surrogates included.
  scanner.push('mark', char, at, end);
}

/** A run of raised or lowered characters, as one group. */
function scanScript(scanner: Scanner, operator: '^' | '_', table: Readonly<Record<string, string>>): void {
  const start = scanner.at;
  scanner.push('mark', operator, start, start);
  scanner.push('mark', '{', start, start);
  for (;;) {
    const plain = table[scanner.text.charAt(scanner.at)];
    if (plain === undefined) break;
    const kind = plain >= '0' && plain <= '9' ? 'digits' : plain >= 'a' ? 'letter' : 'mark';
    const last = scanner.last();
    if (kind === 'digits' && last?.kind === 'digits') {
      scanner.tokens[scanner.tokens.length - 1] = { ...last, text: last.text + plain, end: scanner.at + 1 };
      scanner.at++;
      scanner.budget.spend();
    } else scanner.push(kind, plain, scanner.at, scanner.at + 1);
  }
  scanner.push('mark', '}', scanner.at, scanner.at);
}

/** Opens a group. */
export function openBrace(scanner: Scanner): void {
  // `{,}` is a comma inside a number.
  if (scanner.text.startsWith('{,}', scanner.at))
    return scanner.push('mark', '{,}', scanner.at, scanner.at + 3);
  if (scanner.text.startsWith('{:}', scanner.at))
    return scanner.push('mark', ':', scanner.at, scanner.at + 3);
  scanner.braces.push('group');
  scanner.arguments.openBrace();
  scanner.push('mark', '{', scanner.at, scanner.at + 1);
}

/** Closes a group, a text mode or a change of looks. */
export function closeBrace(scanner: Scanner): void {
  const brace = scanner.braces.pop();
  if (brace === 'text') scanner.upright--;
  if (brace === 'group') {
    scanner.push('mark', '}', scanner.at, scanner.at + 1);
    scanner.arguments.closeBrace();
    return;
  }
  // A brace too many says nothing.
  scanner.at++;
}

/** Money, or the delimiter of a formula. */
export function scanDollar(scanner: Scanner): void {
  const double = scanner.text.startsWith('$$', scanner.at);
  if (scanner.currency && !double) return scanner.mark('$', scanner.at + 1);
  scanner.at += double ? 2 : 1;
  if (scanner.upright > 0) scanner.inlineFormula = !scanner.inlineFormula;
  scanner.widen('space');
}
