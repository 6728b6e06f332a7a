import { AdapterFactory, definePlugin, Policy } from '@doppio/core';
import { z } from 'zod';
import { createOnnxPolicy } from './create.js';

export const OnnxPolicyOptionsSchema = z
  .strictObject({
    microBatchTokens: z.int().positive().default(2048).describe('Tokens computed at once; bounds the activations in memory'),
    headChunkRows: z.int().positive().default(2048).describe('Rows of logits that exist at once'),
    threads: z.int().positive().optional().describe('CPU threads of the engine; default: all cores'),
  })
  .describe('Policy that trains by blocks on ONNX Runtime');

export default definePlugin({
  id: '@doppio/onnx-policy',
  api: 1,
  register({ contribute }) {
    contribute(Policy, {
      id: 'onnx',
      description: 'Trains Qwen2, Qwen3 and Llama checkpoints by blocks on ONNX Runtime',
      options: OnnxPolicyOptionsSchema,
      create: async (options, context) => createOnnxPolicy({ ...options, model: context.model, seed: context.seed, adapter: await context.get(AdapterFactory) }),
    });
  },
});
