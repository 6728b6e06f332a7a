/**
 * GRPO (group relative policy optimization, arXiv 2402.03300) from top to bottom, without the framework's loop,
 * optimizer or configuration. From the packages come only the things that are not GRPO: generated problems, a sampler,
 * a LoRA adapter, and a policy that can run backward from a derivative per token.
 *
 *     npx tsx examples/grpo-in-one-file/grpo.ts [folder for the adapter]
 *
 * The idea: let the model answer each question several times, find out which answers are right, and make the tokens of
 * right answers likelier and those of wrong ones less likely. "Right" is measured against the other answers to the same
 * question, so that no second network has to guess how hard a question is.
 *
 * The numbers that come out are, bit for bit, those of `doppio train` with the doppio.config.ts beside this file.
 */
import { realpathSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { createArithmeticDataset } from '@doppio/arithmetic-suite';
import type { Completion, Parameter, Tokenizer } from '@doppio/core';
import { LoraAdapterFactory } from '@doppio/lora-adapter';
import { nanoModel } from '@doppio/nano-preset';
import { createOnnxPolicy } from '@doppio/onnx-policy';
import { createOnnxSampler } from '@doppio/onnx-sampler';

export interface Settings {
  /** Decides every random number: problems, first values of the adapter, sampled tokens. */
  readonly seed: number;
  readonly steps: number;
  /** Questions in each step. */
  readonly prompts: number;
  /** Answers to each question: the G of GRPO. With one there would be nothing to compare it with. */
  readonly groupSize: number;
  /** Tokens that an answer may have. */
  readonly maxTokens: number;
  readonly lora: { readonly rank: number; readonly alpha: number };
  /** Highest learning rate, reached after `warmupSteps`; from there it falls linearly to 0. */
  readonly learningRate: number;
  readonly warmupSteps: number;
  /** Longest gradient that is followed as it is. */
  readonly maxGradNorm: number;
}

export const settings: Settings = {
  seed: 0,
  steps: 100,
  prompts: 16,
  groupSize: 8,
  maxTokens: 48,
  lora: { rank: 16, alpha: 32 },
  learningRate: 1e-3,
  warmupSteps: 5,
  maxGradNorm: 1,
};

/** Trains an adapter of the bundled model and saves it, in PEFT's format, into the folder `out`. */
export async function grpo(out: string, s: Settings = settings, print = console.log): Promise<void> {
  // Endless problems such as 298+7527=?. Row i depends on the seed and i alone.
  const dataset = createArithmeticDataset({ split: 'training', seed: s.seed });

  // Two engines for one model: one that continues texts fast, and one that computes gradients. The model's own weights
  // are frozen. Trained is a LoRA adapter: beside each matrix W of the model, two thin ones, so that the layer computes
  // x W^T + (alpha / rank) x A^T B^T. B starts with zeros, so that the adapted model starts as the model itself.
  const adapter = new LoraAdapterFactory(s.lora);
  await using policy = await createOnnxPolicy({ model: nanoModel, seed: s.seed, adapter });
  await using sampler = await createOnnxSampler({ model: nanoModel });
  const { parameters } = policy.adapter;
  const adamw = createAdamW(parameters);

  for (let step = 0; step < s.steps; step += 1) {
    // 1. Roll out. Each question is answered `groupSize` times by the model as it is now, at temperature 1: tokens are
    // drawn with the very probabilities that the policy is trained on, which is what "on-policy" means.
    const cursor = { epoch: 0, row: step * s.prompts };
    const { rows } = await dataset.read(cursor, s.prompts, new AbortController().signal);
    const prompts = rows.map((row) => sampler.tokenizer.applyChatTemplate(dataset.messages(row)));
    await sampler.setAdapter(policy.adapter);
    const { completions } = await sampler.sample({
      prompts: prompts.map((ids, index) => ({ ids, samples: s.groupSize, index })),
      parameters: { temperature: 1, maxTokens: s.maxTokens },
      key: { seed: s.seed, purpose: 'rollout', step },
    });

    // 2. Score. The reward is verifiable: a program decides, no model.
    const rewards = rows.map(({ answer }, i) =>
      group(completions, i).map((completion) => reward(completion, answer, sampler.tokenizer)),
    );

    // 3. Compare within each group: how much better than the others was this answer?
    const advantages = rewards.map(groupAdvantages);

    // 4. Derive the loss by the log-probability of every sampled token.
    const dLogProbs = lossDerivatives(completions, advantages);

    // 5. Backward: from log-probabilities through the model to the matrices of the adapter. Gradients are added up, hence
    // the zeros. Groups whose derivatives are all zero are not even computed.
    const gradients = parameters.map(({ data }) => new Float32Array(data.length));
    const groups = prompts.map((promptIds, i) => ({
      promptIds,
      completions: group(completions, i).map(({ ids }) => ids),
    }));
    await policy.accumulate(groups, { dLogProbs }, gradients);

    // 6. Step, in place: the next rollouts come from a slightly different model.
    const learningRate = schedule(step, s);
    const gradNorm = adamw(gradients, learningRate, s.maxGradNorm);

    const all = rewards.flat();
    const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
    const number = `${String(step + 1)}/${String(s.steps)}`;
    print(`step ${number}  reward ${mean.toFixed(3)}  gradient ${gradNorm.toFixed(3)}`);
  }
  await policy.adapter.save(out);
}

/**
 * 1 for a right answer, else 0. The model thinks first and answers behind `</think>`; what it thinks is its own business.
 * An answer that was cut off by its maximum length is wrong, whatever it says.
 */
export function reward({ ids, finishReason }: Completion, answer: string, tokenizer: Tokenizer): number {
  if (finishReason !== 'stop') return 0;
  const [, answered, ...more] = tokenizer.decode(ids.subarray(0, -1)).split('</think>');
  return answered === answer && more.length === 0 ? 1 : 0;
}

/**
 * Advantages of one group: (reward - mean) / standard deviation, over the answers to the same question. The mean is a
 * baseline: it takes out how hard the question is. The division makes hard questions, where one answer of eight is
 * right, count as much as even ones; 1e-4 keeps it finite. Where all are right, or all wrong, every advantage is 0:
 * there is nothing to learn from such a group.
 */
export function groupAdvantages(rewards: readonly number[]): Float32Array {
  const mean = rewards.reduce((sum, value) => sum + value, 0) / rewards.length;
  const squares = rewards.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const std = Math.sqrt(squares / (rewards.length - 1));
  return Float32Array.from(rewards, (value) => (value - mean) / (std + 1e-4));
}

/**
 * dLoss/dLogProb of every sampled token, groups and completions one after the other. With N tokens t in the whole batch,
 * the importance ratio r_t = pi(t) / pi_old(t) and A the advantage of the completion that t is part of,
 *
 *     loss = -1/N  sum_t  min(r_t A, clip(r_t, 1 - 0.2, 1 + 0.2) A)
 *
 * (weights 1/N for every token: DAPO, arXiv 2503.14476; the original paper averages over each completion first).
 * The clipping is for taking several steps on the same answers, pi_old being the model that gave them. Here there is one
 * step, so pi is pi_old and r_t = 1, in the middle of the clipping range. What is left of the derivative is
 *
 *     dLoss/dlog pi(t) = dLoss/dr_t * dr_t/dlog pi(t) = -A/N * r_t = -A/N
 *
 * which is plain REINFORCE with a baseline: no log-probability has to be known in order to know the derivative by it.
 */
export function lossDerivatives(
  completions: readonly (readonly Completion[])[],
  advantages: readonly Float32Array[],
): Float32Array {
  const lengths = completions.map((answers) => answers.map(({ ids }) => ids.length));
  const tokens = lengths.flat().reduce((sum, length) => sum + length, 0);
  const weight = 1 / tokens;
  const derivatives = new Float32Array(tokens);
  let at = 0;
  lengths.forEach((answers, i) =>
    answers.forEach((length, j) => {
      derivatives.fill(-(advantages[i]?.[j] as number) * weight, at, at + length);
      at += length;
    }),
  );
  return derivatives;
}

/** Learning rate of a step: up along a line in the first few, where AdamW's averages are still noise, then down to 0. */
export function schedule(step: number, { learningRate, warmupSteps, steps }: Settings): number {
  if (step < warmupSteps) return learningRate * (step / warmupSteps);
  return learningRate * (1 - (step - warmupSteps) / Math.max(1, steps - warmupSteps));
}

/**
 * AdamW (arXiv 1711.05101) without weight decay. Returns a function that makes one step and returns the length that the
 * gradient had. Each value moves by about the learning rate: `first` is a running mean of its gradient, `second` of the
 * gradient's square, and it moves by first / sqrt(second). Both start at 0, which `1 - beta ** count` makes up for.
 */
function createAdamW(parameters: readonly Parameter[]) {
  const [beta1, beta2, eps] = [0.9, 0.99, 1e-8];
  const zeros = () => parameters.map(({ data }) => new Float32Array(data.length));
  const [firsts, seconds] = [zeros(), zeros()];
  let count = 0;
  return (gradients: readonly Float32Array[], learningRate: number, maxGradNorm: number): number => {
    // One bad batch must not throw the adapter far off: a gradient that is too long, all matrices taken together, is
    // shortened and keeps its direction.
    let squares = 0;
    for (const gradient of gradients) for (const value of gradient) squares += value * value;
    const gradNorm = Math.sqrt(squares);
    const clip = Math.min(1, maxGradNorm / (gradNorm + 1e-6));

    count += 1;
    const stepSize = learningRate / (1 - beta1 ** count);
    const correction = Math.sqrt(1 - beta2 ** count);
    parameters.forEach(({ data }, p) => {
      const gradient = gradients[p] as Float32Array;
      const first = firsts[p] as Float32Array;
      const second = seconds[p] as Float32Array;
      for (let i = 0; i < data.length; i += 1) {
        const g = (gradient[i] as number) * clip;
        const m = (first[i] as number) + (g - (first[i] as number)) * (1 - beta1);
        const v = (second[i] as number) * beta2 + (1 - beta2) * g * g;
        first[i] = m;
        second[i] = v;
        data[i] = (data[i] as number) - (stepSize * m) / (Math.sqrt(v) / correction + eps);
      }
    });
    return gradNorm;
  };
}

function group(completions: readonly (readonly Completion[])[], i: number): readonly Completion[] {
  return completions[i] as readonly Completion[];
}

// Run as a program, not when a test imports it.
if (import.meta.url === pathToFileURL(realpathSync(process.argv[1] ?? '.')).href) {
  const out = process.argv[2] ?? 'runs/grpo-in-one-file';
  await grpo(out);
  console.log(`adapter: ${out}`);
}
