import { defineConfig } from '@doppio/core';

export default defineConfig({
  model: '../../packages/plugins/nano-preset/model',
  out: '../../runs/composed',
  adapter: { use: 'lora', options: { rank: 8, alpha: 16 } },
  optimizer: { use: 'grpo', options: { loss: 'dr_grpo', learningRate: 1e-3 } },
  dataset: { use: 'arithmetic', options: { kinds: ['add', 'mul'] } },
  rewards: ['arithmetic-answer', { use: 'format', weight: 0.1 }],
  benchmarks: [{ use: 'arithmetic', options: { problems: 500 } }],
  trackers: ['console'],
  seed: 7,
  training: { steps: 100, groupSize: 8, sampling: { temperature: 1, maxTokens: 48 } },
});
