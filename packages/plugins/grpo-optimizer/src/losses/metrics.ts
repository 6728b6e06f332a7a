import type { MetricSample } from './token-loss.js';

/** Adds metrics up over completions. */
export class MetricTotals {
  readonly #samples = new Map<string, MetricSample>();

  add(samples: Readonly<Record<string, MetricSample>> = {}): void {
    for (const [name, sample] of Object.entries(samples))
      this.#samples.set(name, merge(this.#samples.get(name), sample));
  }

  /** Means are 0 where nothing was counted. */
  values(): Record<string, number> {
    return Object.fromEntries(
      [...this.#samples].map(([name, sample]) => [
        name,
        sample.reduce === 'mean' ? sample.sum / Math.max(sample.count, 1) : sample.value,
      ]),
    );
  }
}

function merge(total: MetricSample | undefined, sample: MetricSample): MetricSample {
  if (total?.reduce !== sample.reduce) return sample;
  if (total.reduce === 'mean' && sample.reduce === 'mean')
    return { reduce: 'mean', sum: total.sum + sample.sum, count: total.count + sample.count };
  if (total.reduce !== 'mean' && sample.reduce !== 'mean')
    return { ...total, value: Math[total.reduce](total.value, sample.value) };
  return sample;
}

/** The mean over tokens of a metric with one value for each. */
export function tokenMean(values: Float64Array): MetricSample {
  return { reduce: 'mean', sum: values.reduce((sum, value) => sum + value, 0), count: values.length };
}
