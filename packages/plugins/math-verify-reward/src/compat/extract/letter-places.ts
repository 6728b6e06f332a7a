import {
  announced,
  announcedPatterns,
  ANSWER_WINDOW,
  endOfHope,
  FINAL_ANSWER,
  FINAL_ANSWER_IS,
  firstAfterIs,
  firstWithin,
  skipColon,
} from './announcements.js';
import { isSpace, skipSpaces } from './characters.js';
import { PRIORITY, type LetterPlace, type PlacePattern } from './place.js';

const LETTERS = 'ABCD';

/** What a text has to offer in letters of choices, by priority. */
export function letterPatterns(withoutAnchor: boolean): readonly PlacePattern[] {
  const anchored = announcedPatterns({ hopedFor, finalAnswers, answers });
  if (!withoutAnchor) return anchored;
  return [
    ...anchored,
    { priority: PRIORITY.startOfText, find: atStart },
    { priority: PRIORITY.anywhere, find: everyLetter },
  ];
}

function hopedFor(text: string): LetterPlace[] {
  return announced(text, FINAL_ANSWER_IS, (start, end) => {
    const position = skipSpaces(text, skipColon(text, end));
    return isChoice(text, position) ? place(start, position, endOfHope(text, position + 1)) : undefined;
  });
}

function finalAnswers(text: string): LetterPlace[] {
  return announced(text, FINAL_ANSWER, (start, end) =>
    firstAfterIs(text, end, false, (afterWord) => {
      const position = skipSpaces(text, afterWord);
      return isChoice(text, position) ? place(start, position, position + 1) : undefined;
    }),
  );
}

function answers(text: string, announcement: RegExp): LetterPlace[] {
  return announced(text, announcement, (start, end) =>
    firstWithin(text, end, ANSWER_WINDOW, false, (position) => setOff(text, start, position)),
  );
}

function atStart(text: string): LetterPlace[] {
  const letter = starred(text, 0, 0);
  return letter ? [letter] : [];
}

function everyLetter(text: string): LetterPlace[] {
  const places: LetterPlace[] = [];
  let position = 0;
  while (position < text.length) {
    const letter = setOff(text, position, position);
    if (letter) places.push(letter);
    position = letter ? letter.end : position + 1;
  }
  return places;
}

/** A letter after white space or at the start of the text. */
function setOff(text: string, start: number, position: number): LetterPlace | undefined {
  const atSpace = isSpace(text.charCodeAt(position)) ? starred(text, start, position + 1) : undefined;
  return atSpace ?? (position === 0 ? starred(text, start, 0) : undefined);
}

/** A letter, bold or not, before punctuation or white space, or at the end of the text. */
function starred(text: string, start: number, position: number): LetterPlace | undefined {
  const letter = text.startsWith('**', position) ? position + 2 : position;
  if (!isChoice(text, letter)) return undefined;
  const end = text.startsWith('**', letter + 1) ? letter + 3 : letter + 1;
  if (end >= text.length) return place(start, letter, end);
  return '.,:'.includes(text[end] ?? '') || isSpace(text.charCodeAt(end))
    ? place(start, letter, end + 1)
    : undefined;
}

function isChoice(text: string, position: number): boolean {
  return position < text.length && LETTERS.includes(text[position] ?? ' ');
}

function place(start: number, letter: number, end: number): LetterPlace | undefined {
  return end < 0 ? undefined : { type: 'letter', start, end, span: { start: letter, end: letter + 1 } };
}
