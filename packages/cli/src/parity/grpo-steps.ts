import { resolve, join } from 'node:path';
import { updatePolicy, type Adapter, type Ragged, type RewardTable, type TokenLossInput } from '@doppio/core';
import { GrpoOptimizer, type GrpoOptionsInput } from '@doppio/grpo-optimizer';
import { LoraAdapterFactory } from '@doppio/lora-adapter';
import { linearSites, loadModelWeights, readSafetensors, type Tensor } from '@doppio/models';
import type { OnnxPolicy } from '@doppio/onnx-policy';
import { maxError, normError } from './errors.js';
import { casesHave, listOf, type Checker } from './fixture.js';
import { policyOn, startEngine } from './policy-numbers.js';
import { failure, statedLimit, Tally } from './tally.js';

type Matrix = readonly (readonly number[])[];

interface StepCase {
  readonly file: string;
  readonly model: string;
  readonly r: number;
  readonly lora_alpha: number;
  readonly loss_type: string;
  readonly beta: number;
  readonly scale_rewards: string;
  readonly epsilon: number;
  readonly max_completion_length: number;
  readonly lr: number;
  readonly weight_decay: number;
  readonly betas: readonly [number, number];
  readonly eps: number;
  readonly max_grad_norm: number;
  readonly prompts: Matrix;
  /** [prompt][completion][token] */
  readonly completions: readonly Matrix[];
  readonly rewards: Matrix;
  readonly advantages: readonly number[];
  /** [completion][token], padded */
  readonly ref_logps: Matrix | null;
  readonly old_logps: Matrix | null;
  readonly updates: readonly {
    readonly loss: number;
    readonly grad_norm: number;
    readonly metrics: Readonly<Record<string, number>>;
  }[];
}

interface Limits {
  readonly loss: number;
  readonly gradient: number;
  readonly change: number;
}

/** Whole updates through the policy and the optimizer: once by hand, to see losses and gradients, once by the training loop. */
export const grpoStepsChecker: Checker = {
  kind: 'GRPO updates',
  recognises: (fixture) =>
    casesHave(fixture, 'file', 'prompts', 'updates') || /grpo-steps/.test(fixture.folder),
  check: async (fixture) => {
    const limits = {
      loss: statedLimit(fixture.about, /losses within ([\d.e-]+\d)/, 1e-5),
      gradient: statedLimit(fixture.about, /gradients within ([\d.e-]+\d)/, 1e-3),
      change: statedLimit(fixture.about, /change \(end - start\) within ([\d.e-]+\d)/, 1e-2),
    };
    const tally = new Tally();
    for (const golden of listOf<StepCase>(fixture, 'cases')) {
      if (!/^[\w.-]+$/.test(golden.file))
        return failure(`${golden.file} is not the name of a file beside it`);
      const { tensors } = await readSafetensors(join(fixture.folder, golden.file));
      const weights = await loadModelWeights(resolve(fixture.folder, '..', golden.model));
      const target = { sites: linearSites(weights.config), weights: weights.tensors };
      const adapter = new LoraAdapterFactory({ rank: golden.r, alpha: golden.lora_alpha }).create(target, 0);
      await using policy = policyOn(await startEngine(weights, adapter));
      fill(adapter, tensors, tally, golden.file);
      await checkUpdates(golden, tensors, policy, limits, tally);
      checkChange(`${golden.file}, update by update`, adapter, tensors, limits, tally);
      fill(adapter, tensors, tally, golden.file);
      await runLoop(golden, policy);
      checkChange(`${golden.file}, training loop`, adapter, tensors, limits, tally);
    }
    return tally.outcome();
  },
};

function optimizerOf(golden: StepCase): GrpoOptimizer {
  return new GrpoOptimizer({
    loss: golden.loss_type,
    beta: golden.beta,
    epsilonLow: golden.epsilon,
    advantage: { scale: golden.scale_rewards },
    learningRate: golden.lr,
    betas: golden.betas,
    eps: golden.eps,
    weightDecay: golden.weight_decay,
    maxGradNorm: golden.max_grad_norm,
    schedule: { name: 'constant' },
    updatesPerBatch: golden.updates.length,
  } as GrpoOptionsInput);
}

function tableOf({ rewards }: StepCase): RewardTable {
  return {
    functions: [{ id: 'given', weight: 1 }],
    values: rewards.flat().map((reward) => [reward]),
    groupSizes: rewards.map((group) => group.length),
  };
}

function fill(
  { parameters }: Adapter,
  tensors: ReadonlyMap<string, Tensor>,
  tally: Tally,
  file: string,
): void {
  for (const { name, data } of parameters) {
    const start = tensors.get(`start.${name}`);
    if (start?.data.length === data.length) data.set(start.data);
    else tally.add(`${file}, start.${name} is missing or misshapen`, Infinity, 0);
  }
}

async function checkUpdates(
  golden: StepCase,
  tensors: ReadonlyMap<string, Tensor>,
  policy: OnnxPolicy,
  limits: Limits,
  tally: Tally,
): Promise<void> {
  const optimizer = optimizerOf(golden);
  const { parameters } = policy.adapter;
  const groups = groupsOf(golden);
  const count = golden.completions.flat().length;
  const tokens = golden.completions.flat(2).length;
  const { advantages } = optimizer.advantages(tableOf(golden));
  tally.add(`${golden.file}, advantages`, maxError(advantages, golden.advantages), limits.loss);
  const reference =
    golden.beta === 0 && golden.ref_logps === null
      ? undefined
      : (await policy.score(groups, { base: true })).scores.logProbs;
  const compare = (what: string, actual: Ragged, expected: Matrix | null): void => {
    if (expected !== null)
      tally.add(`${golden.file}, ${what}`, maxError(actual.data, unpadded(expected, golden)), limits.loss);
  };
  if (reference !== undefined) compare('ref_logps', reference, golden.ref_logps);
  let old: Ragged | undefined;
  for (const [i, expected] of golden.updates.entries()) {
    const { scores } = await policy.score(groups);
    if (old === undefined) compare('old_logps', scores.logProbs, golden.old_logps);
    const input: TokenLossInput = {
      ...scores,
      advantages,
      mask: new Uint8Array(count).fill(1),
      truncated: new Uint8Array(count),
      batch: {
        completions: count,
        activeTokens: tokens,
        untruncatedTokens: tokens,
        maxCompletionLength: golden.max_completion_length,
      },
      ...(old === undefined ? {} : { oldLogProbs: old }),
      ...(reference === undefined || golden.beta === 0 ? {} : { referenceLogProbs: reference }),
    };
    old ??= scores.logProbs;
    const result = optimizer.loss(input);
    const gradients = parameters.map(({ data }) => new Float32Array(data.length));
    await policy.accumulate(groups, result, gradients);
    const { gradNorm } = optimizer.update(parameters, gradients, i, golden.updates.length);
    const what = `${golden.file}, update ${String(i)}`;
    tally.add(`${what}, loss`, Math.abs(result.loss - expected.loss), limits.loss);
    tally.add(`${what}, grad_norm`, maxError([gradNorm], [expected.grad_norm]), limits.gradient);
    for (const [name, value] of Object.entries(expected.metrics))
      tally.add(`${what}, ${name}`, maxError([result.metrics[name] ?? NaN], [value]), limits.gradient);
    if (i > 0) continue;
    const scale = Math.min(1, golden.max_grad_norm / (gradNorm + 1e-6));
    parameters.forEach(({ name }, p) => {
      const clipped = gradients[p]?.map((value) => value * scale);
      tally.add(
        `${what}, clipped_grad.${name}`,
        normError(clipped, tensors.get(`clipped_grad.${name}`)?.data ?? []),
        limits.gradient,
      );
    });
  }
}

async function runLoop(golden: StepCase, policy: OnnxPolicy): Promise<void> {
  const optimizer = optimizerOf(golden);
  const completions = golden.completions.map((group) =>
    group.map((ids) => {
      const zeros = new Float32Array(ids.length);
      return {
        ids: Int32Array.from(ids),
        logProbs: zeros,
        samplingLogProbs: zeros,
        finishReason: 'stop' as const,
      };
    }),
  );
  await updatePolicy(
    { policy, optimizer },
    { seed: 0, steps: 1, sampling: { maxTokens: golden.max_completion_length } },
    { groups: groupsOf(golden), completions },
    optimizer.advantages(tableOf(golden)),
    0,
    new AbortController().signal,
  );
}

/**
 * Change of the whole adapter over all updates, as one vector. Not tensor by tensor: AdamW divides a gradient by its own
 * size, so that a single element whose gradient is of the size of 32-bit rounding may move either way; a tensor beyond the limit by itself is noted.
 */
function checkChange(
  what: string,
  { parameters }: Adapter,
  tensors: ReadonlyMap<string, Tensor>,
  limits: Limits,
  tally: Tally,
): void {
  const actual: number[] = [];
  const expected: number[] = [];
  let single = { name: '', error: 0 };
  for (const { name, data } of parameters) {
    const start = tensors.get(`start.${name}`)?.data;
    const end = tensors.get(`end.${name}`)?.data;
    if (start?.length !== data.length || end?.length !== data.length) {
      tally.add(`${what}, end.${name} is missing or misshapen`, Infinity, limits.change);
      continue;
    }
    const first = actual.length;
    data.forEach((value, i) => {
      actual.push(value - (start[i] as number));
      expected.push((end[i] as number) - (start[i] as number));
    });
    const error = normError(actual.slice(first), expected.slice(first));
    if (error > single.error) single = { name, error };
  }
  if (single.error > limits.change)
    tally.note(`${what}: change of ${single.name} alone differs by ${single.error.toExponential(2)}`);
  tally.add(`${what}, change of the adapter`, normError(actual, expected), limits.change);
}

function groupsOf({
  prompts,
  completions,
}: StepCase): { promptIds: Int32Array; completions: Int32Array[] }[] {
  return prompts.map((prompt, i) => ({
    promptIds: Int32Array.from(prompt),
    completions: (completions[i] ?? []).map((ids) => Int32Array.from(ids)),
  }));
}

function unpadded(matrix: Matrix, { completions }: StepCase): number[] {
  return completions.flat().flatMap((ids, i) => (matrix[i] ?? []).slice(0, ids.length));
}
