import { lossCase, type LossCase } from '@doppio/grpo-optimizer';
import { casesHave, listOf, type Checker } from './fixture.js';
import { statedLimit, Tally } from './tally.js';

export const lossesChecker: Checker = {
  kind: 'token losses',
  recognises: (fixture) => casesHave(fixture, 'loss_type', 'logps', 'expected') || /loss/.test(fixture.name),
  check: (fixture) => {
    const limit = statedLimit(fixture.about, /error below ([\d.e-]+\d)/, 1e-9);
    const tally = new Tally();
    for (const golden of listOf<LossCase & { readonly name?: string }>(fixture, 'cases'))
      tally.add(golden.name ?? golden.loss_type, lossCase(golden).worstError, limit);
    return tally.outcome();
  },
};
