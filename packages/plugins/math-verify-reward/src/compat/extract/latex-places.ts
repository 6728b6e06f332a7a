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
import { isSpace, skipSpaces, wordAt } from './characters.js';
import { EnvironmentReader, type Environment } from './latex-environments.js';
import { PRIORITY, type LatexPiece, type LatexPlace, type PlacePattern } from './place.js';

/** What may stand between two environments that make one answer. */
const SEPARATORS = [',and', 'and', ',or', 'or', ','] as const;
const MOST_PIECES = 6;

const PERCENT_SIGNS = ['\\%', '%'] as const;
const PERCENT_WORDS = ['percent', 'Percent', 'pct', 'Pct'] as const;

/** Environments joined to one answer. */
interface Chain {
  readonly pieces: readonly LatexPiece[];
  readonly end: number;
}

/** What a text has to offer for LaTeX extraction, by priority; `boxedPriority` below 0 leaves boxes out. */
export function latexPatterns(boxedPriority: number, withoutAnchor: boolean): readonly PlacePattern[] {
  const patterns = [...announcedPatterns({ hopedFor, finalAnswers, answers })];
  if (withoutAnchor) patterns.push({ priority: PRIORITY.anywhere, find: (text) => everyChain(text, false) });
  if (boxedPriority >= 0) {
    patterns.push({ priority: boxedPriority, find: (text) => everyChain(text, true) });
    patterns.push({ priority: boxedPriority, find: bareBoxes });
  }
  return patterns;
}

function hopedFor(text: string): LatexPlace[] {
  const reader = new EnvironmentReader(text);
  return announced(text, FINAL_ANSWER_IS, (start, end) => {
    const chain = chainAfter(reader, skipColon(text, end));
    if (!chain) return undefined;
    const hope = endOfHope(text, chain.end);
    if (hope >= 0) return place(start, { ...chain, end: hope });
    // "percentage" is read as "percent" first; the rest of the word may still belong to it.
    if (!text.startsWith('age', chain.end)) return undefined;
    const afterWord = endOfHope(text, chain.end + 'age'.length);
    return afterWord >= 0 ? place(start, { ...chain, end: afterWord }) : undefined;
  });
}

function finalAnswers(text: string): LatexPlace[] {
  const reader = new EnvironmentReader(text);
  return announced(text, FINAL_ANSWER, (start, end) =>
    firstAfterIs(text, end, true, (position) => {
      const chain = chainAfter(reader, position);
      return chain && place(start, chain);
    }),
  );
}

function answers(text: string, announcement: RegExp): LatexPlace[] {
  const reader = new EnvironmentReader(text);
  return announced(text, announcement, (start, end) =>
    firstWithin(text, end, ANSWER_WINDOW, true, (position) => {
      const chain = mayOpen(text, position) ? chainOf(reader, reader.at(position), false) : undefined;
      return chain && place(start, chain);
    }),
  );
}

function everyChain(text: string, boxed: boolean): LatexPlace[] {
  const reader = new EnvironmentReader(text);
  const places: LatexPlace[] = [];
  let end = 0;
  const opener = /[$\\[-]/gu;
  for (let found = opener.exec(text); found !== null; found = opener.exec(text)) {
    // A square bracket opens together with the space before it.
    const position = text[found.index] === '[' ? found.index - 1 : found.index;
    if (position < found.index && !(position >= end && isSpace(text.charCodeAt(position)))) continue;
    const chain = chainOf(reader, boxed ? reader.boxedAt(position) : reader.at(position), boxed);
    if (!chain) continue;
    places.push(place(position, chain));
    end = opener.lastIndex = chain.end;
  }
  return places;
}

function mayOpen(text: string, position: number): boolean {
  const code = text.charCodeAt(position);
  // $ \ -
  return code === 0x24 || code === 0x5c || code === 0x2d || (isSpace(code) && text[position + 1] === '[');
}

/** From the first opening box to the last closing brace: which box is meant shows only when braces are matched. */
function bareBoxes(text: string): LatexPlace[] {
  const start = text.indexOf('\\boxed{');
  const brace = text.lastIndexOf('}');
  if (start < 0 || brace <= start + '\\boxed{'.length) return [];
  const end = brace + 1;
  return [{ type: 'latex', start, end, pieces: [{ span: { start, end }, percent: false, boxes: 'last' }] }];
}

function place(start: number, chain: Chain): LatexPlace {
  return { type: 'latex', start, end: chain.end, pieces: chain.pieces };
}

function chainAfter(reader: EnvironmentReader, position: number): Chain | undefined {
  return chainOf(reader, reader.after(position, false), false);
}

/** The environment and those that are joined to it by commas, "and" or "or". */
function chainOf(
  reader: EnvironmentReader,
  first: Environment | undefined,
  boxed: boolean,
): Chain | undefined {
  const pieces: LatexPiece[] = [];
  let end = 0;
  let environment = first;
  while (environment) {
    const { percent, end: suffixEnd } = percentAfter(reader.text, environment.end);
    pieces.push({ span: environment.content, percent, boxes: 'all' });
    end = boxed ? skipSpaces(reader.text, suffixEnd) : suffixEnd;
    environment = pieces.length < MOST_PIECES ? joined(reader, end, boxed) : undefined;
  }
  return pieces.length > 0 ? { pieces, end } : undefined;
}

function joined(reader: EnvironmentReader, position: number, boxed: boolean): Environment | undefined {
  const start = skipSpaces(reader.text, position);
  const separator = wordAt(reader.text, start, SEPARATORS);
  return separator === undefined ? undefined : reader.after(start + separator.length, boxed);
}

/** A percent sign or word after white space; without one the white space still belongs to the environment. */
function percentAfter(text: string, position: number): { readonly percent: boolean; readonly end: number } {
  const start = skipSpaces(text, position);
  const sign = wordAt(text, start, PERCENT_SIGNS) ?? wordAt(text, start, PERCENT_WORDS);
  return { percent: sign !== undefined, end: start + (sign?.length ?? 0) };
}
