import type { Completion, ScoredCompletion, Tokenizer } from '../contracts/index.js';

/** A completion as rewards and graders see it: text without the token that ended it. */
export function scoredCompletion(completion: Completion, tokenizer: Tokenizer): ScoredCompletion {
  const { ids, finishReason } = completion;
  const visible = finishReason === 'stop' ? ids.subarray(0, -1) : ids;
  return { text: tokenizer.decode(visible), ids, finishReason };
}
