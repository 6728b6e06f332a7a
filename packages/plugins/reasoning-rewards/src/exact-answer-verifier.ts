import type { AnswerVerification, AnswerVerifier } from '@doppio/core';
import { equalRationals, parseRational } from './rational.js';

/**
 * Compares answers as text or, where both are plain numbers or fractions, by value. What is equal but written in
 * another way otherwise (`2\sqrt{3}` and `\sqrt{12}`) is `different` here: for that a math verifier is needed.
 */
export function createExactAnswerVerifier(): AnswerVerifier {
  return { id: 'exact', verify: verifyExactly };
}

/** See {@link createExactAnswerVerifier}. Pure. */
export function verifyExactly(gold: string, completion: string): AnswerVerification {
  const expected = normalise(lastBox(gold) ?? gold);
  if (expected === '') return { verdict: 'gold-unreadable', reason: 'the expected answer is empty' };
  const found = answerOf(completion);
  if (found === undefined)
    return {
      verdict: 'prediction-unreadable',
      reason: 'no closed box, and no text after a closing think tag',
    };
  const answer = normalise(found);
  if (answer === '') return { verdict: 'prediction-unreadable', reason: 'the answer is empty' };
  if (answer === expected) return { verdict: 'equal', reason: 'the same text' };
  const [a, b] = [parseRational(answer), parseRational(expected)];
  if (a === undefined || b === undefined)
    return { verdict: 'different', reason: 'other text, and not two plain numbers' };
  return equalRationals(a, b)
    ? { verdict: 'equal', reason: 'the same number' }
    : { verdict: 'different', reason: 'another number' };
}

/**
 * The answer a completion gives: the last box after the think section (or of the whole text, where there is none),
 * else all text after the think section, out of its answer tags.
 */
function answerOf(completion: string): string | undefined {
  const closing = completion.lastIndexOf('</think>');
  const rest = closing < 0 ? completion : completion.slice(closing + '</think>'.length);
  const box = lastBox(rest);
  if (box !== undefined || closing < 0) return box;
  return /^\s*<answer>([^]*)<\/answer>\s*$/u.exec(rest)?.[1] ?? rest;
}

/** Contents of the last `\boxed{...}` with balanced braces. */
function lastBox(text: string): string | undefined {
  const opening = /\\boxed\s*\{/gu;
  let last: string | undefined;
  for (let match = opening.exec(text); match !== null; match = opening.exec(text)) {
    const end = closingBrace(text, opening.lastIndex);
    if (end === undefined) break;
    last = text.slice(opening.lastIndex, end);
    opening.lastIndex = end;
  }
  return last;
}

/** Where the brace that is open at `from` closes; an escaped brace is text. */
function closingBrace(text: string, from: number): number | undefined {
  let depth = 1;
  for (let i = from; i < text.length; i += 1) {
    if (text[i] === '\\') i += 1;
    else if (text[i] === '{') depth += 1;
    else if (text[i] === '}') {
      depth -= 1;
      if (depth === 0) return i;
    }
  }
  return undefined;
}

/** Takes off what does not belong to an answer: math delimiters, a `\text` around it, spacing, a final full stop. */
function normalise(answer: string): string {
  return answer
    .trim()
    .replace(/^(\$\$?|\\\(|\\\[)([^]*?)(\$\$?|\\\)|\\\])$/u, '$2')
    .replace(/\\[,!;:]|\\ /gu, '')
    .replace(/^\s*\\(?:text|textbf|mathrm)\s*\{([^{}]*)\}\s*$/u, '$1')
    .replace(/\.\s*$/u, '')
    .replace(/\s+/gu, ' ')
    .trim();
}
