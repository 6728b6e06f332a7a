import { definePlugin, Optimizer } from '@doppio/core';
import { GrpoOptimizer } from './grpo-optimizer.js';
import { GrpoOptionsSchema } from './options.js';

export default definePlugin({
  id: '@doppio/grpo-optimizer',
  api: 1,
  register({ contribute }) {
    contribute(Optimizer, {
      id: 'grpo',
      description: 'GRPO and its variants (DAPO, Dr. GRPO, GSPO, CISPO, SAPO, LUSPO, VESPO) with AdamW',
      options: GrpoOptionsSchema,
      create: (options) => new GrpoOptimizer(options),
    });
  },
});
