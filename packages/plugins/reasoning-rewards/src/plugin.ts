import { AnswerVerifier, API_VERSION, definePlugin, Reward, type PartContext } from '@doppio/core';
import { z } from 'zod';
import { cosineOptions, createCosineReward } from './cosine.js';
import { createExactAnswerVerifier } from './exact-answer-verifier.js';
import { createFormatReward, formatOptions } from './format.js';
import { createL1Reward, l1Options } from './l1.js';
import { createLengthReward, lengthOptions } from './length.js';
import { createOverlongPenaltyReward, overlongPenaltyOptions } from './overlong-penalty.js';
import { createReasoningStepsReward, reasoningStepsOptions } from './reasoning-steps.js';
import { createRepetitionPenaltyReward, repetitionPenaltyOptions } from './repetition-penalty.js';
import { createTagCountReward, tagCountOptions } from './tag-count.js';

export default definePlugin({
  id: '@doppio/reasoning-rewards',
  api: API_VERSION,
  register: ({ contribute }) => {
    contribute(AnswerVerifier, {
      id: 'exact',
      description: 'Boxed answer or text after the think section, compared as text or as plain numbers',
      options: z.strictObject({}),
      create: createExactAnswerVerifier,
    });
    contribute(Reward, {
      id: 'format',
      description: '1 for a well-formed think section with an answer after it, else 0',
      options: formatOptions,
      create: createFormatReward,
    });
    contribute(Reward, {
      id: 'tag_count',
      description: 'A share of 1 for each tag that occurs exactly once',
      options: tagCountOptions,
      create: createTagCountReward,
    });
    contribute(Reward, {
      id: 'reasoning_steps',
      description: 'Marks of step-by-step work, a third each up to 1',
      options: reasoningStepsOptions,
      create: createReasoningStepsReward,
    });
    contribute(Reward, {
      id: 'repetition_penalty',
      description: 'Negative share of word n-grams that repeat earlier ones',
      options: repetitionPenaltyOptions,
      create: createRepetitionPenaltyReward,
    });
    contribute(Reward, {
      id: 'overlong_penalty',
      description: "DAPO's soft punishment of completions close to the maximum length",
      options: overlongPenaltyOptions,
      create: createOverlongPenaltyReward,
    });
    contribute(Reward, {
      id: 'length',
      description: "Kimi k1.5's reward of short right answers within a group",
      options: lengthOptions,
      create: async (options, context) => createLengthReward(options, await verifierOf(options, context)),
    });
    contribute(Reward, {
      id: 'cosine',
      description: 'Correctness scaled by length along half a cosine',
      options: cosineOptions,
      create: async (options, context) => createCosineReward(options, await verifierOf(options, context)),
    });
    for (const kind of ['l1_exact', 'l1_max'] as const)
      contribute(Reward, {
        id: kind,
        description: `L1's correctness with a length target, ${kind === 'l1_exact' ? 'met exactly' : 'as a maximum'}`,
        options: l1Options,
        create: async (options, context) => createL1Reward(kind, options, await verifierOf(options, context)),
      });
  },
});

async function verifierOf(
  { verify }: { readonly verify: 'exact' | 'configured' },
  context: PartContext,
): Promise<AnswerVerifier> {
  return verify === 'exact' ? createExactAnswerVerifier() : context.get(AnswerVerifier);
}
