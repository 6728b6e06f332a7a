import { scheduleCase, type ScheduleCase } from '@doppio/grpo-optimizer';
import { casesHave, listOf, type Checker } from './fixture.js';
import { statedLimit, Tally } from './tally.js';

export const schedulesChecker: Checker = {
  kind: 'schedules',
  recognises: (fixture) => casesHave(fixture, 'scheduler', 'multipliers') || /schedule/.test(fixture.name),
  check: (fixture) => {
    const limit = statedLimit(fixture.about, /within ([\d.e-]+\d) absolute/, 1e-9);
    const tally = new Tally();
    listOf<ScheduleCase>(fixture, 'cases').forEach((golden, i) => {
      tally.add(`case ${String(i)}, ${golden.scheduler}`, scheduleCase(golden).worstError, limit);
    });
    return tally.outcome();
  },
};
