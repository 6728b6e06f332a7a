import { defineConfig } from '@doppio/core';

/** What grpo.ts does, said to the framework. */
export default defineConfig({
  model: '../../packages/plugins/nano-preset/model',
  out: '../../runs/grpo-in-one-file-framework',
  adapter: { use: 'lora', options: { rank: 16, alpha: 32 } },
  optimizer: {
    use: 'grpo',
    options: {
      loss: 'dapo',
      learningRate: 1e-3,
      schedule: { name: 'linear', warmupSteps: 5 },
      betas: [0.9, 0.99],
      maxGradNorm: 1,
    },
  },
  dataset: { use: 'arithmetic', options: { split: 'training' } },
  rewards: ['arithmetic-answer'],
  trackers: ['console'],
  training: {
    steps: 100,
    promptsPerStep: 16,
    groupSize: 8,
    sampling: { temperature: 1, maxTokens: 48 },
  },
});
