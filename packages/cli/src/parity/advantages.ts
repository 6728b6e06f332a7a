import { advantagesCase, type AdvantagesCase } from '@doppio/grpo-optimizer';
import { casesHave, listOf, type Checker } from './fixture.js';
import { statedLimit, Tally } from './tally.js';

export const advantagesChecker: Checker = {
  kind: 'advantages',
  recognises: (fixture) => casesHave(fixture, 'group_size', 'advantages') || /advantage/.test(fixture.name),
  check: (fixture) => {
    const limit = statedLimit(fixture.about, /error below ([\d.e-]+\d)/, 1e-6);
    const tally = new Tally();
    listOf<AdvantagesCase>(fixture, 'cases').forEach((golden, i) => {
      tally.add(`case ${String(i)}`, advantagesCase(golden).worstError, limit);
    });
    return tally.outcome();
  },
};
