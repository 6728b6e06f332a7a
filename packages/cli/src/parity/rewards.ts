import { rewardsCase, type RewardsCase, type RewardsParameters } from '@doppio/reasoning-rewards';
import { casesHave, listOf, type Checker } from './fixture.js';
import { statedLimit, Tally } from './tally.js';

export const rewardsChecker: Checker = {
  kind: 'rewards',
  recognises: (fixture) => casesHave(fixture, 'gold', 'completions', 'values') || /reward/.test(fixture.name),
  check: (fixture) => {
    const parameters = (fixture.json['parameters'] ?? {}) as RewardsParameters;
    const limit = statedLimit(fixture.about, /other values within ([\d.e-]+\d)/, 1e-12);
    const tally = new Tally();
    for (const golden of listOf<RewardsCase>(fixture, 'cases')) {
      const { worstError, details } = rewardsCase(golden, parameters);
      tally.add(
        `group ${String(golden.group)}${details[0] === undefined ? '' : `: ${details[0]}`}`,
        worstError,
        limit,
      );
    }
    tally.note('accuracy is not compared: whether an answer is right is an input here');
    return tally.outcome();
  },
};
