import { ALIGNED_ENVIRONMENTS, ARITY, COMMAND_ROLES, GAP_COMMANDS, MARK_ESCAPES } from './commands.js';
import { lookUp } from './look-up.js';
import { isName } from './names.js';
import { LETTERS, type Scanner, SPACES } from './scanner.js';

/** A command, an escaped character, or the end of a row. */
export function scanBackslash(scanner: Scanner): void {
  const { text } = scanner;
  const at = scanner.at;
  const next = text.charAt(at + 1);
  if (next === '\\') {
    const name = scanner.match(LETTERS, at + 2);
    // Escaped twice: `\\frac`. Inside a matrix two backslashes end a row.
    if (name !== '' && (scanner.environments.length === 0 || name === 'end') && isCommand(name))
      return scanCommand(scanner, name, at + 2 + name.length);
    const bracket = text.charAt(at + 2);
    if (scanner.environments.length === 0 && bracket !== '' && '()[]{}%$'.includes(bracket)) {
      scanner.at++;
      return scanEscape(scanner, bracket);
    }
    let end = at + 2;
    while (text.charAt(end) === '\\' && !/[a-zA-Z]/.test(text.charAt(end + 1))) end++;
    return scanner.mark('\\\\', end);
  }
  const name = scanner.match(LETTERS, at + 1);
  if (name !== '') return scanCommand(scanner, name, at + 1 + name.length);
  scanEscape(scanner, next);
}

/** A backslash before one character that is no letter. */
function scanEscape(scanner: Scanner, char: string): void {
  const end = Math.min(scanner.at + 2, scanner.text.length);
  const gap = GAP_COMMANDS[char];
  if (gap !== undefined) {
    scanner.at = end;
    scanner.widenTo(gap);
  } else if (Object.hasOwn(MARK_ESCAPES, char)) scanner.mark(MARK_ESCAPES[char] ?? char, end);
  else scanner.at = char.charCodeAt(0) <= 32 ? scanner.at + 1 : end;
}

/** The command of this name, which ends at `end`. */
export function scanCommand(scanner: Scanner, name: string, end: number): void {
  const role = COMMAND_ROLES.get(name);
  switch (role?.role) {
    case 'gap':
      scanner.at = end;
      return scanner.widenTo(role.gap);
    case 'mark':
      scanner.mark(role.mark, end);
      if (scanner.arguments.single) scanner.arguments.argument();
      return;
    case 'side':
      return scanSide(scanner, role.side, end);
    case 'text':
    case 'transparent':
      return openStyle(scanner, role.role, end);
    case 'ignored':
      scanner.at = end;
      return;
    case 'dropped':
      scanner.at = afterGroup(scanner, end);
      return;
  }
  const { text } = scanner;
  if (name === 'not') {
    scanner.negate = true;
    scanner.at = end;
    return;
  }
  if (name === 'begin') scanner.environments.push(ALIGNED_ENVIRONMENTS.has(environmentAt(scanner, end)));
  if (name === 'end') scanner.environments.pop();
  // \mathbb takes its letter here, so that \mathbb R and \mathbb{R} are one.
  if (name === 'mathbb' || name === 'mathds' || name === 'Bbb') {
    let at = end + scanner.match(SPACES, end).length;
    const braced = text.charAt(at) === '{';
    if (braced) at++;
    const letter = text.charAt(at);
    if (letter >= 'A' && letter <= 'Z') {
      at++;
      if (braced && text.charAt(at) === '}') at++;
      else if (braced) scanner.braces.push('transparent');
      return scanner.push('command', 'mathbb' + letter, scanner.at, at);
    }
    scanner.at = end;
    return;
  }
  scanner.arguments.command(lookUp(ARITY, name) ?? 0);
  scanner.push('command', name, scanner.at, end);
}

function scanSide(scanner: Scanner, side: 'left' | 'right' | 'middle', end: number): void {
  const spaces = scanner.match(SPACES, end);
  const at = end + spaces.length;
  const char = scanner.text.charAt(at);
  scanner.at = at;
  if (char === '.') scanner.at = at + 1;
  else if (char === '|' && side !== 'middle') scanner.mark(side === 'left' ? 'lbar' : 'rbar', at + 1);
  else if (char === '|') scanner.mark('mid', at + 1);
  else if (char === '<' && side === 'left') scanner.mark('langle', at + 1);
  else if (char === '>' && side === 'right') scanner.mark('rangle', at + 1);
}

function openStyle(scanner: Scanner, brace: 'text' | 'transparent', end: number): void {
  let at = end;
  if (scanner.text.charAt(at) === '*') at++;
  at += scanner.match(SPACES, at).length;
  if (scanner.text.charAt(at) !== '{') {
    scanner.at = end;
    return;
  }
  scanner.braces.push(brace);
  if (brace === 'text') scanner.upright++;
  scanner.at = at + 1;
}

function environmentAt(scanner: Scanner, at: number): string {
  return scanner.text.charAt(at) === '{' ? scanner.match(LETTERS, at + 1) : '';
}

/** End of the group that follows, or `at` itself. */
function afterGroup(scanner: Scanner, at: number): number {
  const { text } = scanner;
  if (text.charAt(at) !== '{') return at;
  let depth = 0;
  for (let i = at; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 123) depth++;
    else if (code === 125 && --depth === 0) return i + 1;
  }
  return text.length;
}

/** True for a name that the grammar knows after a backslash. */
export function isCommand(name: string): boolean {
  return (
    COMMAND_ROLES.has(name) ||
    Object.hasOwn(ARITY, name) ||
    isName(name) ||
    name === 'begin' ||
    name === 'end' ||
    name.startsWith('mathbb')
  );
}
