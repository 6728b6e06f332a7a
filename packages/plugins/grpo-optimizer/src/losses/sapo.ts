import { meanOfSequenceMeans } from './aggregation.js';
import type { TokenLoss } from './token-loss.js';

/**
 * SAPO (arXiv 2511.20347): -(4 / tau) sigmoid(tau (r - 1)) A, a soft gate in place of clipping whose slope at r = 1 is
 * that of the unclipped objective; tau depends on the sign of the advantage. Aggregated as GRPO.
 * tau is rounded to 32 bits, as TRL has it: 1.05 is not a 32-bit number.
 */
export const sapoLoss: TokenLoss = ({ ratio, advantage }, batch, { sapo }) => {
  const tau = Math.fround(advantage > 0 ? sapo.temperaturePositive : sapo.temperatureNegative);
  const gates = ratio.map((r) => 1 / (1 + Math.exp(-tau * (r - 1))));
  return {
    loss: gates.map((gate) => -((gate * 4) / tau) * advantage),
    dRatio: gates.map((gate) => -4 * gate * (1 - gate) * advantage),
    weight: meanOfSequenceMeans(ratio.length, batch),
  };
};
