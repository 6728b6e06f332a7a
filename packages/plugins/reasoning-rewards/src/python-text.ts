// The published rewards are Python: these are its notions of length, whitespace and counting.

/** Length in Unicode code points (a lone surrogate counts as one). */
export function codePointLength(text: string): number {
  let length = 0;
  for (let i = 0; i < text.length; i += (text.codePointAt(i) as number) > 0xffff ? 2 : 1) length += 1;
  return length;
}

/**
 * Words between whitespace as Python's `str.split()` sees it. Unlike `\s` it breaks on U+001C to U+001F and U+0085 and
 * does not on U+FEFF.
 */
export function splitWhitespace(text: string): string[] {
  return text
    .split(/[\t-\r\u001c- \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/u)
    .filter((word) => word !== '');
}

/** Occurrences that do not overlap, from the left. */
export function countOccurrences(text: string, part: string): number {
  return text.split(part).length - 1;
}
