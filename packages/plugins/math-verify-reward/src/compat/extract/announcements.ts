import type { Span } from '../../result.js';
import { isSpace, nextCharacter, skipSpaces } from './characters.js';
import { PRIORITY, type PlacePattern } from './place.js';

/** Words that announce an answer, in any case. */
export const FINAL_ANSWER_IS = /final answer is/gi;
export const FINAL_ANSWER = /final answer/gi;
export const ANSWER = /answer/gi;
export const ANSWER_COLON = /answer:/gi;

/** How many characters may stand between `final answer` and ` is`. */
export const FINAL_ANSWER_WINDOW = 100;
/** How many characters may stand between `answer` and the answer. */
export const ANSWER_WINDOW = 50;
/** How many characters may stand between `answer` and the equals sign before a plain answer. */
export const EQUALS_WINDOW = 100;

const NEWLINE = 0x0a;
const COLON = 0x3a;

/**
 * Every place that `announcement` introduces.
 *
 * @param place - the place for which the words before it start at `start` and end at `end`
 */
export function announced<P extends Span>(
  text: string,
  announcement: RegExp,
  place: (start: number, end: number) => P | undefined,
): P[] {
  const places: P[] = [];
  announcement.lastIndex = 0;
  for (let words = announcement.exec(text); words; words = announcement.exec(text)) {
    const found = place(words.index, words.index + words[0].length);
    if (found) places.push(found);
    announcement.lastIndex = found ? found.end : words.index + 1;
  }
  return places;
}

/** What `read` makes of the first position it takes, of those at most `most` characters after `start`, nearest first. */
export function firstWithin<T>(
  text: string,
  start: number,
  most: number,
  acrossLines: boolean,
  read: (position: number) => T | undefined,
): T | undefined {
  let position = start;
  for (let count = 0; count <= most; count++) {
    const found = read(position);
    if (found !== undefined) return found;
    if (position >= text.length || (!acrossLines && text.charCodeAt(position) === NEWLINE)) return undefined;
    position = nextCharacter(text, position);
  }
  return undefined;
}

/** The position after a colon, where there is one. */
export function skipColon(text: string, position: number): number {
  return text.charCodeAt(position) === COLON ? position + 1 : position;
}

/** What `read` makes of the position after the first ` is` or ` is:` behind `final answer` after which it takes one. */
export function firstAfterIs<T>(
  text: string,
  finalAnswerEnd: number,
  acrossLines: boolean,
  read: (position: number) => T | undefined,
): T | undefined {
  let word = -1;
  return firstWithin(text, finalAnswerEnd, FINAL_ANSWER_WINDOW, acrossLines, (position) => {
    if (position < word || !isSpace(text.charCodeAt(position))) return undefined;
    word = skipSpaces(text, position);
    return text.startsWith('is', word) ? read(skipColon(text, word + 'is'.length)) : undefined;
  });
}

/** Where `I hope` ends, after an answer that ends at `position`; -1 where it does not follow. */
export function endOfHope(text: string, position: number): number {
  let start = text[position] === '.' ? position + 1 : position;
  if (start < text.length && isSpace(text.charCodeAt(start))) start++;
  return text.startsWith('I hope', start) ? start + 'I hope'.length : -1;
}

/** How a kind of place is found after each announcement. */
interface AnnouncedPlaces {
  readonly hopedFor: PlacePattern['find'];
  readonly finalAnswers: PlacePattern['find'];
  readonly answers: (text: string, announcement: RegExp) => ReturnType<PlacePattern['find']>;
}

/** The places that words announce, by their priority: the same for all that is looked for. */
export function announcedPatterns({
  hopedFor,
  finalAnswers,
  answers,
}: AnnouncedPlaces): readonly PlacePattern[] {
  return [
    { priority: PRIORITY.hope, find: hopedFor },
    { priority: PRIORITY.finalAnswerIs, find: finalAnswers },
    { priority: PRIORITY.answerColon, find: (text) => answers(text, ANSWER_COLON) },
    { priority: PRIORITY.answer, find: (text) => answers(text, ANSWER) },
  ];
}
