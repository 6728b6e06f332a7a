import type { Budget } from '../budget.js';
import { scanBackslash } from './scan-commands.js';
import { closeBrace, openBrace, scanAscii, scanDollar, scanForeign } from './scan-marks.js';
import { scanSpaces } from './scan-spaces.js';
import { scanDigits, scanLetters } from './scan-words.js';
import { Scanner } from './scanner.js';
import type { Token } from './token.js';

/**
 * Cuts an answer into tokens: LaTeX, Unicode and plain text under one set of names, delimiters of formulas and
 * everything that only changes the look left out.
 */
export function tokenize(text: string, budget: Budget): Token[] {
  budget.spend(text.length >> 2);
  const scanner = new Scanner(text, budget);
  while (scanner.at < text.length) step(scanner, text.charAt(scanner.at));
  scanner.push('end', '', scanner.at, scanner.at);
  return scanner.tokens;
}

function step(scanner: Scanner, char: string): void {
  const code = char.charCodeAt(0);
  if (code >= 48 && code <= 57) scanDigits(scanner);
  else if ((code >= 97 && code <= 122) || (code >= 65 && code <= 90)) scanLetters(scanner);
  else if (char === '\\') scanBackslash(scanner);
  else if (char === '{') openBrace(scanner);
  else if (char === '}') closeBrace(scanner);
  else if (char === '$') scanDollar(scanner);
  else if (code <= 32) scanSpaces(scanner);
  else if (code < 128) scanAscii(scanner, char);
  else scanForeign(scanner, char);
}
