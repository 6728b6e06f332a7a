import { tokenMean } from './metrics.js';
import { logDifferences, type SamplerCorrection } from './sampler-correction.js';
import type { MetricSample } from './token-loss.js';

/** How far the sampler's distribution is from the trainer's, under the names that TRL gives these metrics. */
export function correctionMetrics(
  old: Float64Array,
  sampling: Float64Array,
  correction: Float64Array,
  { mode }: SamplerCorrection,
): Readonly<Record<string, MetricSample>> {
  if (correction.length === 0) return {};
  const weights = mode.startsWith('sequence') ? correction.subarray(0, 1) : correction;
  const differences = logDifferences(old, sampling).map(Math.abs);
  const extreme = (values: Float64Array, reduce: 'min' | 'max'): MetricSample => ({
    reduce,
    value: values.reduce((a, b) => Math[reduce](a, b)),
  });
  return {
    'sampling/importance_sampling_ratio/min': extreme(weights, 'min'),
    'sampling/importance_sampling_ratio/mean': tokenMean(weights),
    'sampling/importance_sampling_ratio/max': extreme(weights, 'max'),
    'sampling/sampling_logp_difference/mean': tokenMean(differences),
    'sampling/sampling_logp_difference/max': extreme(differences, 'max'),
  };
}
