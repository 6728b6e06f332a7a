import { createStream, type Completion } from '@doppio/core';
import { GrpoOptimizer } from '@doppio/grpo-optimizer';
import { LoraAdapterFactory } from '@doppio/lora-adapter';
import { linearSites, loadModelWeights } from '@doppio/models';
import { createEngines, defaultPolicyOptions, OnnxPolicy } from '@doppio/onnx-policy';
import { createSamplerSessions, defaultSamplerOptions, OnnxSampler } from '@doppio/onnx-sampler';
import { updatePolicy } from '@doppio/core';
import type { GrpoBenchFlags } from '../commands/bench.js';
import { noTokenizer } from './no-tokenizer.js';
import { randomPrompts } from './random-prompts.js';

export interface GrpoBench {
  readonly seconds_per_step: number;
  readonly sample_seconds: number;
  readonly train_seconds: number;
  readonly completion_tokens_per_step: number;
  readonly peak_rss_mb: number;
  /** Largest |sampler - policy| log-probability of a sampled token over the measured steps. */
  readonly max_logprob_difference: number;
}

/** Whole steps: sampling, random rewards, one update (dapo, beta 0). The first step warms up and is not counted. */
export async function benchGrpo(flags: GrpoBenchFlags): Promise<GrpoBench> {
  const weights = await loadModelWeights(flags.model);
  const { config } = weights;
  const tokenizer = noTokenizer(config.vocabularySize);
  const adapter = new LoraAdapterFactory({ rank: flags.rank, alpha: 2 * flags.rank }).create(
    { sites: linearSites(config), weights: weights.tensors },
    flags.seed,
  );
  await using policy = new OnnxPolicy(await createEngines(weights, adapter), tokenizer, defaultPolicyOptions);
  await using sampler = new OnnxSampler(
    await createSamplerSessions(weights),
    tokenizer,
    defaultSamplerOptions,
  );
  const optimizer = new GrpoOptimizer({ loss: 'dapo', learningRate: 1e-4 });
  const sampling = { maxTokens: flags.completionTokens, stopIds: [] };
  const signal = new AbortController().signal;
  const options = { seed: flags.seed, steps: flags.steps + 1, sampling };

  const seconds = { sample: 0, train: 0 };
  let tokens = 0;
  let drift = 0;
  for (let step = 0; step <= flags.steps; step += 1) {
    const prompts = randomPrompts(flags.seed, step, flags.prompts, flags.promptTokens, config.vocabularySize);
    const started = performance.now();
    await sampler.setAdapter(adapter);
    const { completions, metrics } = await sampler.sample({
      prompts: prompts.map((ids, index) => ({ ids, samples: flags.group, index })),
      parameters: sampling,
      key: { seed: flags.seed, purpose: 'bench', step },
    });
    const sampled = performance.now();
    const stream = createStream({ seed: flags.seed, purpose: 'bench/rewards', step });
    const advantages = optimizer.advantages({
      functions: [{ id: 'random', weight: 1 }],
      values: completions.flat().map(() => [stream.next()]),
      groupSizes: completions.map((group) => group.length),
    });
    const groups = completions.map((group, i) => ({
      promptIds: prompts[i] as Int32Array,
      completions: group.map(({ ids }) => ids),
    }));
    const rollouts = { groups, completions };
    const result = await updatePolicy({ policy, optimizer }, options, rollouts, advantages, step, signal);
    const trained = performance.now();
    if (step === 0) continue;
    seconds.sample += (sampled - started) / 1000;
    seconds.train += (trained - sampled) / 1000;
    tokens += metrics.completionTokens;
    drift = Math.max(drift, largestDifference(completions.flat(), result.scores.logProbs.data));
  }
  return {
    seconds_per_step: (seconds.sample + seconds.train) / flags.steps,
    sample_seconds: seconds.sample / flags.steps,
    train_seconds: seconds.train / flags.steps,
    completion_tokens_per_step: tokens / flags.steps,
    peak_rss_mb: process.resourceUsage().maxRSS / 1024,
    max_logprob_difference: drift,
  };
}

function largestDifference(completions: readonly Completion[], policy: Float32Array): number {
  let at = 0;
  let largest = 0;
  for (const { logProbs } of completions)
    for (const value of logProbs) largest = Math.max(largest, Math.abs(value - (policy[at++] as number)));
  return largest;
}
