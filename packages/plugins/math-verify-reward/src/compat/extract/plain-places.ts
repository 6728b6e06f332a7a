import type { Span } from '../../result.js';
import {
  announced,
  announcedPatterns,
  ANSWER_WINDOW,
  endOfHope,
  EQUALS_WINDOW,
  FINAL_ANSWER,
  FINAL_ANSWER_IS,
  firstAfterIs,
  firstWithin,
  skipColon,
} from './announcements.js';
import { isDigit, isSpace, skipSpaces } from './characters.js';
import { PRIORITY, type ArithmeticPlace, type NumberPlace, type PlacePattern } from './place.js';
import { ArithmeticReader } from './plain-arithmetic.js';
import { numbersAt } from './plain-numbers.js';

type PlainPlace = NumberPlace | ArithmeticPlace;

/** Says where a place ends, given where its number or expression does; -1 to have another one tried. */
type Ending = (end: number) => number;

const CURRENCIES = new Set('$€£¥₹₽₪₩₫฿₡₢₣₤₥₦₧₨₭₮₯₰₱₲₳₴₵₶₷₸₺₻₼₾₿');

const anyEnding: Ending = (end) => end;

/** What a text has to offer in numbers and arithmetic without LaTeX, by priority. */
export function plainPatterns(withoutAnchor: boolean): readonly PlacePattern[] {
  const anchored = announcedPatterns({ hopedFor, finalAnswers, answers });
  if (!withoutAnchor) return anchored;
  return [
    ...anchored,
    { priority: PRIORITY.anywhere, find: everyArithmetic },
    { priority: PRIORITY.anywhere, find: everyNumber },
  ];
}

function hopedFor(text: string): PlainPlace[] {
  const arithmetic = new ArithmeticReader(text);
  return announced(text, FINAL_ANSWER_IS, (start, end) =>
    afterSpaces(text, skipColon(text, end), (position) =>
      plainAt(arithmetic, start, position, (plainEnd) => endOfHope(text, plainEnd)),
    ),
  );
}

function finalAnswers(text: string): PlainPlace[] {
  const arithmetic = new ArithmeticReader(text);
  return announced(text, FINAL_ANSWER, (start, end) =>
    firstAfterIs(text, end, false, (position) => plainAt(arithmetic, start, position, anyEnding)),
  );
}

/** After an equals sign that follows, the last one first; else after as few characters as possible. */
function answers(text: string, announcement: RegExp): PlainPlace[] {
  const arithmetic = new ArithmeticReader(text);
  const notBeforeEquals: Ending = (end) => (text[skipSpaces(text, end)] === '=' ? -1 : end);
  return announced(text, announcement, (start, end) => {
    for (const equals of equalsSigns(text, end).reverse()) {
      const place = afterSpaces(text, equals + 1, (position) =>
        plainAt(arithmetic, start, position, notBeforeEquals),
      );
      if (place) return place;
    }
    return firstWithin(text, end, ANSWER_WINDOW, false, (position) =>
      plainAt(arithmetic, start, position, notBeforeEquals),
    );
  });
}

function equalsSigns(text: string, start: number): number[] {
  const found: number[] = [];
  firstWithin(text, start, EQUALS_WINDOW, false, (position) => {
    if (text[position] === '=') found.push(position);
    return undefined;
  });
  return found;
}

function everyArithmetic(text: string): ArithmeticPlace[] {
  const arithmetic = new ArithmeticReader(text);
  return everyPlain(text, (position) =>
    arithmeticAt(arithmetic, position, contentAt(text, position), anyEnding),
  );
}

function everyNumber(text: string): NumberPlace[] {
  return everyPlain(text, (position) => numberAt(text, position, contentAt(text, position), anyEnding));
}

function everyPlain<P extends Span>(text: string, placeAt: (position: number) => P | undefined): P[] {
  const places: P[] = [];
  let position = 0;
  while (position < text.length) {
    const place = placeAt(position);
    if (place) places.push(place);
    position = place ? place.end : position + 1;
  }
  return places;
}

/** A number or expression needs a space or equals sign before it, which the white space before it may give up. */
function afterSpaces<P>(
  text: string,
  position: number,
  placeAt: (position: number) => P | undefined,
): P | undefined {
  const end = skipSpaces(text, position);
  return placeAt(end) ?? (end > position ? placeAt(end - 1) : undefined);
}

function plainAt(
  arithmetic: ArithmeticReader,
  start: number,
  position: number,
  ending: Ending,
): PlainPlace | undefined {
  const content = contentAt(arithmetic.text, position);
  if (content < 0) return undefined;
  return (
    arithmeticAt(arithmetic, start, content, ending) ?? numberAt(arithmetic.text, start, content, ending)
  );
}

/** Where a number or expression may start that is set off at `position`: a space, an equals sign, the text's start. */
function contentAt(text: string, position: number): number {
  const code = text.charCodeAt(position);
  const content = isSpace(code) || code === 0x3d ? position + 1 : position === 0 ? 0 : -1;
  return content >= 0 && text.startsWith('**', content) ? content + 2 : content;
}

function arithmeticAt(
  arithmetic: ArithmeticReader,
  start: number,
  content: number,
  ending: Ending,
): ArithmeticPlace | undefined {
  if (content < 0 || !(startsNumber(arithmetic.text, content) || arithmetic.text[content] === '('))
    return undefined;
  for (const { expressionEnd, end } of arithmetic.at(content)) {
    const placeEnd = ending(end);
    if (placeEnd >= 0)
      return { type: 'arithmetic', start, end: placeEnd, span: { start: content, end: expressionEnd } };
  }
  return undefined;
}

function startsNumber(text: string, position: number): boolean {
  return isDigit(text.charCodeAt(position)) || text[position] === '-' || text[position] === '.';
}

function numberAt(text: string, start: number, content: number, ending: Ending): NumberPlace | undefined {
  if (content < 0) return undefined;
  const position = CURRENCIES.has(text[content] ?? '') ? content + 1 : content;
  if (!startsNumber(text, position)) return undefined;
  for (const number of numbersAt(text, position)) {
    const placeEnd = ending(number.end);
    if (placeEnd >= 0) return { type: 'number', start, end: placeEnd, number };
  }
  return undefined;
}
