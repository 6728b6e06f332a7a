import { isCommand, scanCommand } from './scan-commands.js';
import { LETTERS, type Scanner, SPACES } from './scanner.js';

/** Escapes that a careless decoder has made of `\text`, `\frac`, `\binom`, `\right`. */
const DECODED_ESCAPES: Readonly<Record<string, string>> = { '\t': 't', '\f': 'f', '\b': 'b', '\r': 'r' };

/** A run of white space, or the command of which a decoder has made it. */
export function scanSpaces(scanner: Scanner): void {
  const control = DECODED_ESCAPES[scanner.text.charAt(scanner.at)];
  if (control !== undefined) {
    const name = control + scanner.match(LETTERS, scanner.at + 1);
    if (name.length > 2 && isCommand(name)) {
      scanCommand(scanner, name, scanner.at + name.length);
      return;
    }
  }
  const run = scanner.match(SPACES);
  scanner.at += Math.max(run.length, 1);
  scanner.widen(run.includes('\n') && scanner.environments.length === 0 ? 'wide' : 'space');
}
