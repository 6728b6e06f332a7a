import type { Expression } from './answer/expression.js';
import type { Budget } from './budget.js';
import { extractAnswer } from './extract/extract-answer.js';
import { readAnswer } from './read/read-answer.js';
import type { Extraction, ReadAnswer } from './result.js';

/** Extraction and reading in one: the answer of a text, or why there is none. */
export type TextReading = { readonly answer: ReadAnswer } | { readonly unreadable: string };

/**
 * Takes the first extracted piece that can be read. Where the other side is no words, a later piece that reads as
 * mathematics goes before one that reads as words: "the answer is the number 12" gives 12.
 *
 * @param wordsExpected - whether an answer in words would do
 */
export function readText(
  text: string,
  role: 'gold' | 'prediction',
  wordsExpected: boolean,
  budget: Budget,
): TextReading {
  let words: ReadAnswer | undefined;
  let problem: string | undefined;
  for (const extraction of extractAnswer(text, role)) {
    const outcome = readParts(extraction, budget);
    if ('unreadable' in outcome) {
      problem ??= outcome.unreadable;
      continue;
    }
    const { span, source, parts } = extraction;
    const answer: ReadAnswer = { text: parts.join(', '), span, source, readings: outcome.readings };
    if (wordsExpected || outcome.readings[0]?.kind !== 'text') return { answer };
    words ??= answer;
  }
  if (words !== undefined) return { answer: words };
  return {
    unreadable: problem ?? (text.trim() === '' ? 'the text is empty' : 'no answer was found in the text'),
  };
}

function readParts(
  { parts }: Extraction,
  budget: Budget,
): { readonly readings: readonly Expression[] } | { readonly unreadable: string } {
  const [only, ...others] = parts;
  if (only === undefined) return { unreadable: 'there is no answer' };
  if (others.length === 0) return readAnswer(only, budget);
  const items: (readonly Expression[])[] = [];
  for (const part of parts) {
    const outcome = readAnswer(part, budget);
    if ('unreadable' in outcome) return outcome;
    const [reading] = outcome.readings;
    if (reading !== undefined) items.push(reading.kind === 'list' ? reading.items : [reading]);
  }
  return { readings: [{ kind: 'list', items: items.flat() }] };
}
