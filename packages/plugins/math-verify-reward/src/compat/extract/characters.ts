/**
 * Character classes as Python has them: white space is wider than JavaScript's by the separators FS to US and NEL, and
 * narrower by the byte order mark.
 */

export function isSpace(code: number): boolean {
  if (code < 0x80) return code === 0x20 || (code >= 0x09 && code <= 0x0d) || (code >= 0x1c && code <= 0x1f);
  return (
    code === 0x85 ||
    code === 0xa0 ||
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000
  );
}

const DECIMAL_DIGIT = /^\p{Nd}/u;
const WORD_CHARACTER = /^[\p{L}\p{N}_]/u;

export function isAsciiDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

export function isLetter(code: number): boolean {
  return (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}

/** A digit of any script. */
export function isDigit(code: number): boolean {
  if (code < 0x80) return isAsciiDigit(code);
  return DECIMAL_DIGIT.test(String.fromCharCode(code));
}

/** A letter or digit of any script, or `_`. */
export function isWordCharacter(code: number): boolean {
  if (code < 0x80) return isLetter(code) || isAsciiDigit(code) || code === 0x5f;
  return WORD_CHARACTER.test(String.fromCharCode(code));
}

/** Whether a word begins or ends at `position`. */
export function isWordBoundary(text: string, position: number): boolean {
  const before = position > 0 && isWordCharacter(text.charCodeAt(position - 1));
  const after = position < text.length && isWordCharacter(text.charCodeAt(position));
  return before !== after;
}

/** End of the white space that starts at `position`; `position` itself where there is none. */
export function skipSpaces(text: string, position: number): number {
  let end = position;
  while (end < text.length && isSpace(text.charCodeAt(end))) end++;
  return end;
}

/** End of the digits that start at `position`. */
export function skipDigits(text: string, position: number): number {
  let end = position;
  while (end < text.length && isDigit(text.charCodeAt(end))) end++;
  return end;
}

/** Start of the white space that ends at `position`. */
export function skipSpacesBack(text: string, position: number): number {
  let start = position;
  while (start > 0 && isSpace(text.charCodeAt(start - 1))) start--;
  return start;
}

export function trimStart(text: string): string {
  return text.slice(skipSpaces(text, 0));
}

export function trim(text: string): string {
  const start = skipSpaces(text, 0);
  return text.slice(start, Math.max(start, skipSpacesBack(text, text.length)));
}

/** The position after the character (not the UTF-16 unit) at `position`. */
export function nextCharacter(text: string, position: number): number {
  const code = text.charCodeAt(position);
  if (code < 0xd800 || code > 0xdbff || position + 1 >= text.length) return position + 1;
  const low = text.charCodeAt(position + 1);
  return low >= 0xdc00 && low <= 0xdfff ? position + 2 : position + 1;
}

/** The first of `words` that stands at `position`. */
export function wordAt(text: string, position: number, words: readonly string[]): string | undefined {
  return words.find((word) => text.startsWith(word, position));
}
