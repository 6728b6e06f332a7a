import type { Adapter, TokenGroup } from '@doppio/core';
import type { ModelWeights, Tensor } from '@doppio/models';
import { defaultPolicyOptions, Engine, OnnxPolicy } from '@doppio/onnx-policy';
import { createRuntimeHost } from '@doppio/runtime';
import { noTokenizer } from '../bench/no-tokenizer.js';
import { maxError } from './errors.js';
import { statedLimit, type Tally } from './tally.js';

/** `cases.json` of a model. */
export interface SequenceCases {
  readonly about: string;
  readonly sequences: readonly (readonly number[])[];
  /** [sequence][token], of the objective */
  readonly weights: readonly (readonly number[])[];
}

export interface GoldenNumbers extends SequenceCases {
  readonly objective: number;
  /** `expected.safetensors` */
  readonly expected: ReadonlyMap<string, Tensor>;
}

/** Largest error relative to a tensor's largest magnitude. */
export function tensorLimit(about: string): number {
  return statedLimit(about, /error below ([\d.e-]+\d) of each tensor/, 2e-4);
}

export async function startEngine(weights: ModelWeights, adapter: Adapter): Promise<Engine> {
  return Engine.create(await createRuntimeHost({ name: 'parity' }), weights.config, weights, adapter);
}

export function policyOn(engine: Engine): OnnxPolicy {
  return new OnnxPolicy([engine], noTokenizer(engine.config.vocabularySize), defaultPolicyOptions);
}

/**
 * Compares log-probabilities, entropies, the objective, its gradient by every parameter, and logits (up to a constant
 * per row: as log-probabilities of every token of the vocabulary).
 */
export async function checkPolicy(policy: OnnxPolicy, golden: GoldenNumbers, tally: Tally): Promise<void> {
  const { sequences, weights, expected, about } = golden;
  const limit = tensorLimit(about);
  const entropyWeight = statedLimit(about, /\+ ([\d.e-]+\d) \* sum_t entropy/, 0.01);
  const groups = sequences.map((ids) => ({
    promptIds: Int32Array.from(ids.slice(0, 1)),
    completions: [Int32Array.from(ids.slice(1))],
  }));
  const flat = Float32Array.from(weights.flat());
  const { parameters } = policy.adapter;
  const gradients = parameters.map(({ data }) => new Float32Array(data.length));
  const derivative = { dLogProbs: flat, dEntropies: flat.map(() => entropyWeight) };
  const { scores } = await policy.accumulate(groups, derivative, gradients);
  const { logProbs, entropies } = scores;
  let objective = 0;
  flat.forEach((weight, i) => {
    objective += weight * (logProbs.data[i] as number) + entropyWeight * (entropies.data[i] as number);
  });
  tally.add('objective', maxError([objective], [golden.objective]), limit);
  const own = new Map(parameters.map(({ name }, i) => [name, gradients[i] as Float32Array]));
  const row = ({ data, offsets }: typeof logProbs, i: number): Float32Array =>
    data.subarray(offsets[i], offsets[i + 1]);
  for (const [name, { data }] of expected) {
    const [, kind = '', key = ''] = /^(\w+)\.(.*)$/.exec(name) ?? [];
    if (kind === 'logps') tally.add(name, maxError(row(logProbs, Number(key)), data), limit);
    else if (kind === 'entropies') tally.add(name, maxError(row(entropies, Number(key)), data), limit);
    else if (kind === 'grad') tally.add(name, maxError(own.get(key), data), limit);
    else if (kind === 'logits')
      tally.add(name, await logitsError(policy, sequences[Number(key)] ?? [], data), limit);
    else if (kind !== 'hidden' && kind !== 'merged') tally.note(`${name} is not known`);
  }
  for (const name of own.keys())
    if (!expected.has(`grad.${name}`)) tally.add(`grad.${name}: none expected`, Infinity, limit);
}

async function logitsError(
  policy: OnnxPolicy,
  ids: readonly number[],
  logits: Float32Array,
): Promise<number> {
  const vocabulary = logits.length / ids.length;
  const every = Array.from({ length: vocabulary }, (_, id) => Int32Array.of(id));
  const groups = ids.map((_, t): TokenGroup => ({
    promptIds: Int32Array.from(ids.slice(0, t + 1)),
    completions: every,
  }));
  const { scores } = await policy.score(groups);
  const scale = logits.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  let worst = 0;
  for (let t = 0; t < ids.length; t += 1) {
    const expected = logits.subarray(t * vocabulary, (t + 1) * vocabulary);
    const most = expected.reduce((a, b) => Math.max(a, b), -Infinity);
    const shift = most + Math.log(expected.reduce((sum, value) => sum + Math.exp(value - most), 0));
    expected.forEach((value, id) => {
      const error = Math.abs((scores.logProbs.data[t * vocabulary + id] as number) - (value - shift));
      worst = Math.max(worst, Number.isNaN(error) ? Infinity : error / scale);
    });
  }
  return worst;
}
