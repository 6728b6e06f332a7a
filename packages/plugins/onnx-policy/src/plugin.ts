import { AdapterFactory, definePlugin, Policy } from '@doppio/core';
import { z } from 'zod';
import { createOnnxPolicy } from './create.js';
import { defaultPolicyOptions } from './onnx-policy.js';

export const OnnxPolicyOptionsSchema = z
  .strictObject({
    microBatchTokens: z
      .int()
      .positive()
      .default(defaultPolicyOptions.microBatchTokens)
      .describe('Tokens computed at once, in all replicas together; bounds the activations in memory'),
    headChunkRows: z
      .int()
      .positive()
      .default(defaultPolicyOptions.headChunkRows)
      .describe('Rows of logits that exist at once in a replica'),
    keepActivationsMegabytes: z
      .number()
      .nonnegative()
      .default(defaultPolicyOptions.keepActivationsMegabytes)
      .describe(
        'Activations are kept for the backward pass up to this size in all replicas together, and computed again above it, MiB',
      ),
    threads: z
      .int()
      .positive()
      .optional()
      .describe('CPU threads of all replicas together; default: all cores'),
    replicas: z
      .int()
      .positive()
      .optional()
      .describe(
        'Copies of the engine, each with its share of the threads; default: one a thread while copies are small',
      ),
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
      create: async (options, context) =>
        createOnnxPolicy({
          ...options,
          model: context.model,
          seed: context.seed,
          adapter: await context.get(AdapterFactory),
        }),
    });
  },
});
