import { definePlugin, Sampler } from '@doppio/core';
import { z } from 'zod';
import { createOnnxSampler, defaultSamplerOptions } from './onnx-sampler.js';

export const OnnxSamplerOptionsSchema = z.strictObject({
  chunkTokens: z
    .int()
    .positive()
    .default(defaultSamplerOptions.chunkTokens)
    .describe('Tokens decoded in one run of the graph, before finished rows leave and waiting ones join'),
  maxRows: z
    .int()
    .positive()
    .default(defaultSamplerOptions.maxRows)
    .describe('Completions decoded at once, at most, in all replicas together'),
  cacheMegabytes: z
    .number()
    .positive()
    .default(defaultSamplerOptions.cacheMegabytes)
    .describe('Memory that all key-value caches may take, MiB'),
  threads: z.int().positive().optional().describe('CPU threads of all replicas together; default: all cores'),
  replicas: z
    .int()
    .positive()
    .optional()
    .describe(
      'Copies of the engine, each with its share of the threads; default: one a thread while copies are small',
    ),
});

export default definePlugin({
  id: '@doppio/onnx-sampler',
  api: 1,
  register({ contribute }) {
    contribute(Sampler, {
      id: 'onnx',
      description: 'Decodes inside of the graph on ONNX Runtime, prompts computed once per group',
      options: OnnxSamplerOptionsSchema,
      create: (options, context) => createOnnxSampler({ ...options, model: context.model }),
    });
  },
});
