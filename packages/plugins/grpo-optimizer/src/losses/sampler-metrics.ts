import { tokenMean } from './metrics.js';
import { boundedRatio, type SamplerCorrection } from './sampler-correction.js';
import type { MetricSample } from './token-loss.js';

/**
 * How far the sampler's distribution is from the trainer's, under the names that TRL gives these metrics. Tokens that the
 * sampler reported no log-probability for are left out of the differences, and a sequence without tokens has the ratio 1.
 */
export function correctionMetrics(
  old: Float64Array,
  sampling: Float64Array,
  correction: Float64Array,
  settings: SamplerCorrection,
): Readonly<Record<string, MetricSample>> {
  const weights = settings.mode.startsWith('sequence')
    ? Float64Array.of(correction[0] ?? boundedRatio(1, settings))
    : correction;
  const differences = old
    .map((value, t) => Math.abs(value - (sampling[t] as number)))
    .filter((difference) => !Number.isNaN(difference));
  return {
    ...summary('sampling/importance_sampling_ratio', weights, ['min', 'mean', 'max']),
    ...summary('sampling/sampling_logp_difference', differences, ['mean', 'max']),
  };
}

function summary(
  name: string,
  values: Float64Array,
  reductions: readonly MetricSample['reduce'][],
): Readonly<Record<string, MetricSample>> {
  const sample = (reduce: MetricSample['reduce']): MetricSample =>
    reduce === 'mean' ? tokenMean(values) : { reduce, value: values.reduce((a, b) => Math[reduce](a, b)) };
  if (values.length === 0) return {};
  return Object.fromEntries(reductions.map((reduce) => [`${name}/${reduce}`, sample(reduce)]));
}
