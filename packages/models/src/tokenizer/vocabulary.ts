import { showJson } from '../files/show-json.js';

/** Far more than any vocabulary has; tables of the tokenizer's library are as long as the largest id. */
const MAX_TOKENS = 2 ** 24;

export function isTokenId(id: unknown): id is number {
  return Number.isSafeInteger(id) && (id as number) >= 0 && (id as number) < MAX_TOKENS;
}

/** What is wrong with the tokens of a `tokenizer.json`, or undefined. The library would take or trip over anything. */
export function vocabularyProblem(tokenizer: Readonly<Record<string, unknown>>): string | undefined {
  const { vocab } = (tokenizer['model'] ?? {}) as { readonly vocab?: unknown };
  if (typeof vocab !== 'object' || vocab === null) return 'there is no model with a vocabulary in it';
  // Unigram models list pairs of token and score; a token's id is its place.
  if (Array.isArray(vocab)) {
    const bad = vocab.find(
      (pair) => !Array.isArray(pair) || typeof pair[0] !== 'string' || typeof pair[1] !== 'number',
    ) as unknown;
    if (bad !== undefined) return `an entry of the vocabulary is not a token and its score: ${showJson(bad)}`;
  } else {
    const bad = Object.entries(vocab).find(([, id]) => !isTokenId(id));
    if (bad !== undefined) return `a token's id is none: ${showJson(bad[0])} has ${showJson(bad[1])}`;
  }
  const added = tokenizer['added_tokens'] ?? [];
  if (!Array.isArray(added)) return `added_tokens is no list: ${showJson(added)}`;
  const bad = (added as unknown[]).find((token) => {
    const { id, content } = Object(token) as { readonly id?: unknown; readonly content?: unknown };
    return !isTokenId(id) || typeof content !== 'string';
  });
  return bad === undefined ? undefined : `an added token without id or content: ${showJson(bad)}`;
}
