import { isDigit, isSpace, skipDigits, trimStart } from './characters.js';

/** What takes the place of an opening and what follows it, and where that ends. */
interface Repair {
  readonly to: string;
  readonly end: number;
}

/** Gets the position after an opening, each time a later one; undefined leaves it as it is. */
type Repairer = (position: number) => Repair | undefined;

/** An operator that is written without the braces it needs. */
interface MalformedOperator {
  readonly name: string;
  readonly opening: string;
  readonly repairer: (text: string) => Repairer;
}

const MALFORMED_OPERATORS: readonly MalformedOperator[] = [
  { name: 'power in parentheses', opening: '^', repairer: parenthesesToBraces('^') },
  { name: 'root of parentheses', opening: 'sqrt', repairer: parenthesesToBraces('\\sqrt') },
  { name: 'fraction of digits', opening: '\\frac', repairer: digitThenDigits('\\frac') },
  { name: 'logarithm of digits', opening: '\\log_', repairer: digitThenDigits('\\log_') },
  { name: 'denominator of one digit', opening: '\\frac', repairer: bracesThenDigit },
  { name: 'numerator of one digit', opening: '\\frac', repairer: digitThenBraces },
  { name: 'root of one digit', opening: '\\sqrt', repairer: rootOfDigit },
];

/** Gives operators the braces that they lack. */
export function withBraces(text: string): string {
  const repaired = MALFORMED_OPERATORS.reduce(repairAll, text).replaceAll(' sqrt', '\\sqrt');
  return slashToFraction(bracedFractions(bracedRoots(repaired)));
}

function repairAll(text: string, { opening, repairer }: MalformedOperator): string {
  const repair = repairer(text);
  let out = '';
  let copied = 0;
  for (let at = text.indexOf(opening); at >= 0; at = text.indexOf(opening, Math.max(copied, at + 1))) {
    const repaired = repair(at + opening.length);
    if (!repaired) continue;
    out += text.slice(copied, at) + repaired.to;
    copied = repaired.end;
  }
  return copied === 0 ? text : out + text.slice(copied);
}

/** At most one space. */
function skipSpace(text: string, position: number): number {
  return isSpace(text.charCodeAt(position)) ? position + 1 : position;
}

/** `^(..)`: up to the first closing parenthesis. */
function parenthesesToBraces(operator: string): MalformedOperator['repairer'] {
  return (text) => {
    const closing = onwards((from) => text.indexOf(')', from));
    return (position) => {
      const opening = skipSpace(text, position);
      if (text[opening] !== '(') return undefined;
      const end = closing(opening + 1);
      return end < 0 ? undefined : { to: `${operator}{${text.slice(opening + 1, end)}}`, end: end + 1 };
    };
  };
}

/** `\frac12`, `\log_28`. */
function digitThenDigits(operator: string): MalformedOperator['repairer'] {
  return (text) => (position) => {
    const first = skipSpace(text, position);
    if (!isDigit(text.charCodeAt(first))) return undefined;
    const second = skipSpace(text, first + 1);
    const end = skipDigits(text, second);
    return end === second
      ? undefined
      : { to: `${operator}{${text[first] ?? ''}}{${text.slice(second, end)}}`, end };
  };
}

/** `\frac{1}2`: the brace is the first before a digit, be it that of the numerator or not. */
function bracesThenDigit(text: string): Repairer {
  const braceBeforeDigit = onwards((from) => {
    for (let brace = text.indexOf('}', from); brace >= 0; brace = text.indexOf('}', brace + 1))
      if (isDigit(text.charCodeAt(skipSpace(text, brace + 1)))) return brace;
    return -1;
  });
  return (position) => {
    const opening = skipSpace(text, position);
    if (text[opening] !== '{') return undefined;
    const closing = braceBeforeDigit(opening + 1);
    if (closing < 0) return undefined;
    const digit = skipSpace(text, closing + 1);
    return { to: `\\frac{${text.slice(opening + 1, closing)}}{${text[digit] ?? ''}}`, end: digit + 1 };
  };
}

/** `\frac1{2}`. */
function digitThenBraces(text: string): Repairer {
  const closingBrace = onwards((from) => text.indexOf('}', from));
  return (position) => {
    const digit = skipSpace(text, position);
    if (!isDigit(text.charCodeAt(digit))) return undefined;
    const opening = skipSpace(text, digit + 1);
    if (text[opening] !== '{') return undefined;
    const end = closingBrace(opening + 1);
    if (end < 0) return undefined;
    return { to: `\\frac{${text[digit] ?? ''}}${text.slice(opening, end + 1)}`, end: end + 1 };
  };
}

/** `\sqrt2`. */
function rootOfDigit(text: string): Repairer {
  return (position) => {
    const digit = skipSpace(text, position);
    return isDigit(text.charCodeAt(digit))
      ? { to: `\\sqrt{${text[digit] ?? ''}}`, end: digit + 1 }
      : undefined;
  };
}

/** Searches from rising positions without going over a part of the text twice. */
function onwards(search: (from: number) => number): (from: number) => number {
  let found: number | undefined;
  return (from) => {
    if (found === undefined || (found >= 0 && found < from)) found = search(from);
    return found;
  };
}

/** `\sqrt a` to `\sqrt{a}`. */
function bracedRoots(text: string): string {
  const [head = '', ...rest] = text.split('\\sqrt');
  return rest.reduce((out, part) => {
    const radicand = trimStart(part);
    const [first] = radicand;
    if (first === undefined || first === '{' || first === '[') return `${out}\\sqrt${radicand}`;
    return `${out}\\sqrt{${first}}${radicand.slice(first.length)}`;
  }, head);
}

/** `\frac ab` to `\frac{a}{b}`; where one lacks its denominator, all stay as they are. */
function bracedFractions(text: string): string {
  const [head = '', ...rest] = text.split('\\frac');
  let out = head;
  for (const part of rest) {
    const terms = trimStart(part);
    const [numerator = '', denominator] = terms.startsWith('{') ? [] : terms;
    if (terms.startsWith('{')) {
      out += `\\frac${terms}`;
      continue;
    }
    if (denominator === undefined) return text;
    const after = terms.slice(numerator.length + denominator.length);
    out += `\\frac{${numerator}}${denominator === '{' ? '{' : `{${denominator}}`}${after}`;
  }
  return out;
}

/** Two integers with a slash between them and nothing else. */
function slashToFraction(text: string): string {
  const [numerator = '', denominator, ...more] = text.split('/');
  if (denominator === undefined || more.length > 0) return text;
  return isInteger(numerator) && isInteger(denominator) ? `\\frac{${numerator}}{${denominator}}` : text;
}

/** As Python prints it: no leading zeros, no plus. */
function isInteger(text: string): boolean {
  return text === '0' || /^-?[1-9][0-9]*$/.test(text);
}
