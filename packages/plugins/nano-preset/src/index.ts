import { fileURLToPath } from 'node:url';
import type { Preset } from '@doppio/core';

/** Folder of the bundled model, in Hugging Face form. */
export const nanoModel = fileURLToPath(new URL('../model', import.meta.url));

/** GRPO on a LoRA adapter of the bundled model. docs/nano.md says what else was tried. */
export const nanoPreset: Preset = {
  name: 'nano',
  description: 'A bundled 1.6 M model learns arithmetic: minutes on two cores',
  config: {
    model: nanoModel,
    out: 'runs/nano',
    adapter: { use: 'lora', options: { rank: 16, alpha: 32 } },
    optimizer: {
      use: 'grpo',
      options: {
        loss: 'dapo',
        learningRate: 1e-3,
        betas: [0.9, 0.99],
        maxGradNorm: 1,
        schedule: { name: 'polynomial', power: 1, endLearningRate: 1e-4, warmupSteps: 5 },
      },
    },
    dataset: { use: 'arithmetic', options: { split: 'training' } },
    rewards: ['arithmetic-answer'],
    benchmarks: [{ use: 'arithmetic', options: { problems: 500 } }],
    trackers: ['console'],
    training: {
      steps: 400,
      promptsPerStep: 16,
      groupSize: 8,
      sampling: { temperature: 1, maxTokens: 48 },
      checkpointEvery: 25,
    },
  },
};
