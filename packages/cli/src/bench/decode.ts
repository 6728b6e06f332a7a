import { createSamplerSessions, OnnxSampler } from '@doppio/onnx-sampler';
import { loadModelWeights } from '@doppio/models';
import type { DecodeBenchFlags } from '../commands/bench.js';
import { noTokenizer } from './no-tokenizer.js';
import { randomPrompts } from './random-prompts.js';

export interface DecodeBench {
  readonly batch: number;
  readonly prompt_tokens: number;
  readonly new_tokens: number;
  /** Decoding alone. */
  readonly tokens_per_second: number;
  /** With the time that prompts took. */
  readonly tokens_per_second_with_prompt: number;
  readonly peak_rss_mb: number;
}

/** Sampling at temperature 1, no token ends a completion. */
export async function benchDecode(flags: DecodeBenchFlags): Promise<DecodeBench> {
  const weights = await loadModelWeights(flags.model);
  await using sampler = new OnnxSampler(
    await createSamplerSessions(weights),
    noTokenizer(weights.config.vocabularySize),
    { chunkTokens: 64, maxRows: flags.batch, cacheMegabytes: 4096 },
  );
  let [decode, prefill, tokens] = [0, 0, 0];
  for (let run = 0; run <= flags.runs; run += 1) {
    const prompts = randomPrompts(0, run, flags.batch, flags.promptTokens, weights.config.vocabularySize);
    const { metrics } = await sampler.sample({
      prompts: prompts.map((ids, index) => ({ ids, samples: 1, index })),
      parameters: { maxTokens: flags.newTokens, stopIds: [] },
      key: { seed: 0, purpose: 'bench', step: run },
    });
    // The first run warms up.
    if (run === 0) continue;
    decode += metrics.decodeSeconds;
    prefill += metrics.prefillSeconds;
    tokens += metrics.completionTokens;
  }
  return {
    batch: flags.batch,
    prompt_tokens: flags.promptTokens,
    new_tokens: flags.newTokens,
    tokens_per_second: tokens / decode,
    tokens_per_second_with_prompt: tokens / (decode + prefill),
    peak_rss_mb: process.resourceUsage().maxRSS / 1024,
  };
}
