import {
  recordedVerdict,
  rewardsCase,
  type PublishedVerdict,
  type RewardsCase,
  type RewardsParameters,
} from '@doppio/reasoning-rewards';
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
      const { worstError, details } = rewardsCase(golden, parameters, verdictOf(parameters));
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

/**
 * Whether the published length rewards took a completion for right shows in the sign of a cosine reward that is
 * negative for every wrong answer and positive for every right one; all the other values are then checked against it.
 */
function verdictOf(parameters: RewardsParameters): PublishedVerdict {
  const telling = Object.entries(parameters).find(
    ([, p]) =>
      (p['minValueWrong'] ?? 0) < 0 && (p['maxValueWrong'] ?? 0) < 0 && (p['minValueCorrect'] ?? 0) > 0,
  )?.[0];
  return (golden, completion) => {
    const recorded = recordedVerdict(golden, completion);
    const value = telling === undefined ? undefined : golden.values[telling]?.[completion];
    return recorded === null || typeof value !== 'number' ? recorded : value > 0;
  };
}
