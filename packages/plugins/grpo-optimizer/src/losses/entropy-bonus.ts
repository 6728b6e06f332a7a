import type { LossInput } from './loss-input.js';
import type { LossSettings } from './loss-settings.js';
import type { LossBatch } from './token-loss.js';
import type { EntropyStatistics } from './top-entropy.js';

/**
 * entropyCoefficient times the mean entropy of the tokens that a policy gradient goes to, whatever the aggregation of the
 * loss is, and the derivative of minus that by the entropies; without derivative when switched off.
 */
export function entropyBonus(
  input: LossInput,
  { entropyCoefficient }: LossSettings,
  active: readonly boolean[],
  entropy: EntropyStatistics | undefined,
  batch: LossBatch,
): { loss: number; dEntropies?: Float64Array } {
  if (entropyCoefficient === 0) return { loss: 0 };
  const weight = entropyCoefficient / Math.max(entropy?.highEntropyTokens ?? batch.tokens, 1);
  const { data, offsets } = input.entropies;
  const dEntropies = new Float64Array(data.length);
  let loss = 0;
  active.forEach((isActive, i) => {
    if (!isActive) return;
    for (let t = offsets[i] as number; t < (offsets[i + 1] as number); t += 1) {
      if ((data[t] as number) < (entropy?.entropyThreshold ?? -Infinity)) continue;
      loss += weight * (data[t] as number);
      dEntropies[t] = -weight;
    }
  });
  return { loss, dEntropies };
}
