import { AnswerVerifier, API_VERSION, definePlugin, Reward } from '@doppio/core';
import { accuracyOptions, createAccuracyReward } from './accuracy-reward.js';
import { createMathVerifier, mathVerifierOptions } from './math-verifier.js';

export default definePlugin({
  id: '@doppio/math-verify-reward',
  api: API_VERSION,
  register: ({ contribute }) => {
    contribute(AnswerVerifier, {
      id: 'math-verify',
      description: 'Final answers as numbers, expressions, equations, sets, intervals, matrices, text',
      options: mathVerifierOptions,
      create: createMathVerifier,
    });
    contribute(Reward, {
      id: 'accuracy',
      description: '1 for a final answer equal to the gold answer, else 0; abstains where that is not known',
      options: accuracyOptions,
      create: createAccuracyReward,
    });
  },
});
