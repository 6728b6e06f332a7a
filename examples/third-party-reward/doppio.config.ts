import { defineConfig } from '@doppio/core';

export default defineConfig({
  plugins: ['./src/index.ts'],
  rewards: ['arithmetic-answer', { use: 'brevity', weight: 0.2, options: { tokens: 30 } }],
  model: '../../packages/plugins/nano-preset/model',
  out: './runs/brevity',
  optimizer: { use: 'grpo', options: { learningRate: 1e-3 } },
  dataset: { use: 'arithmetic' },
  benchmarks: [{ use: 'arithmetic', options: { problems: 100 } }],
  trackers: ['console'],
  training: { steps: 20, promptsPerStep: 8, groupSize: 8, sampling: { maxTokens: 48 } },
});
