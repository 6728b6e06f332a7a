import { isDigit, skipSpacesBack, trim } from './characters.js';
import { UNIT_WORDS } from './unit-words.js';

const ENDINGS = ['', 's', 'es'] as const;
const FORMS = UNIT_WORDS.flatMap((word) => ENDINGS.map((ending) => word + ending));
const EXACT_FORMS = new Set(FORMS.filter((form) => !form.includes('.')));
const LOOSE_FORMS = FORMS.filter((form) => form.includes('.'));
const LONGEST_FORM = Math.max(...FORMS.map((form) => form.length));

/** Drops text at the end, then up to two unit words before it; an answer that is nothing but a unit stays. */
export function withoutUnits(text: string): string {
  const unworded = trim(withoutTrailingText(text)) || text;
  return withoutUnitWord(withoutUnitWord(unworded));
}

/**
 * Drops what starts with the first `\text{` or `\mbox{` and goes on to the end of the text, if a brace and perhaps a
 * power of one digit stand there.
 */
function withoutTrailingText(text: string): string {
  const brace = lastBrace(text);
  const starts = ['\\text{', '\\mbox{'].map((command) => {
    const start = text.indexOf(command);
    return start >= 0 && start + command.length <= brace ? start : text.length;
  });
  return text.slice(0, Math.min(...starts));
}

/** The last closing brace that only a power may follow. */
function lastBrace(text: string): number {
  const end = text.length;
  if (text[end - 1] === '}') return end - 1;
  return text[end - 3] === '}' && text[end - 2] === '^' && isDigit(text.charCodeAt(end - 1)) ? end - 3 : -1;
}

/** Drops a unit word at the end, which must stand after a digit, a brace or white space. */
function withoutUnitWord(text: string): string {
  const end = skipSpacesBack(text, text.length);
  let [start, kept] = [text.length, text.length];
  for (const unitStart of unitStarts(text, end)) {
    const spacesStart = skipSpacesBack(text, unitStart);
    const before = text.charCodeAt(spacesStart - 1);
    const afterValue = isDigit(before) || text[spacesStart - 1] === '}';
    if (!afterValue && spacesStart === unitStart) continue;
    const prefix = afterValue ? spacesStart - 1 : spacesStart;
    if (prefix < start) [start, kept] = [prefix, prefix + 1];
  }
  return kept > 0 ? text.slice(0, kept) : text;
}

/** Where the unit words start that end at `end`. */
function* unitStarts(text: string, end: number): Generator<number> {
  for (let length = 1; length <= Math.min(LONGEST_FORM, end); length++)
    if (EXACT_FORMS.has(text.slice(end - length, end))) yield end - length;
  // A form that ends with any character may end with one of the trailing spaces.
  for (const form of LOOSE_FORMS) {
    for (const formEnd of [end, end + 1]) {
      const start = formEnd - form.length;
      if (start >= 0 && formEnd <= text.length && fits(text, start, form)) yield start;
    }
  }
}

function fits(text: string, start: number, form: string): boolean {
  for (let offset = 0; offset < form.length; offset++)
    if (form[offset] !== '.' && form[offset] !== text[start + offset]) return false;
  return true;
}
