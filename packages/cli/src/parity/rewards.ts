import { rewardsCase, type RewardsCase, type RewardsParameters } from '@doppio/reasoning-rewards';
import { publishedAccuracy } from './accuracy.js';
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
      for (const [i, value] of (golden.values['accuracy'] ?? []).entries()) {
        const actual = publishedAccuracy(golden.gold, textOf(golden, i));
        const quantity = `group ${String(golden.group)}: accuracy, completion ${String(i)}: ${String(actual)} instead of ${String(value)}`;
        tally.add(quantity, actual === value ? 0 : Infinity, limit);
      }
    }
    return tally.outcome();
  },
};

function textOf({ completions }: RewardsCase, i: number): string {
  const completion = completions[i] ?? '';
  return typeof completion === 'string' ? completion : completion.repeat[0].repeat(completion.repeat[1]);
}
