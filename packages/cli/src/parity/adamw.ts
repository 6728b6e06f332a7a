import { adamwCase, type AdamwCase } from '@doppio/grpo-optimizer';
import { casesHave, listOf, type Checker } from './fixture.js';
import { statedLimit, Tally } from './tally.js';

/** In both precisions: 64 bits, and 32 as in training. */
export const adamwChecker: Checker = {
  kind: 'AdamW',
  recognises: (fixture) => casesHave(fixture, 'beta1', 'beta2', 'steps') || /adamw/.test(fixture.name),
  check: (fixture) => {
    const limits = {
      float64: statedLimit(fixture.about, /([\d.e-]+\d) in float64/, 1e-9),
      float32: statedLimit(fixture.about, /([\d.e-]+\d) in float32/, 1e-5),
    };
    const tally = new Tally();
    listOf<AdamwCase>(fixture, 'cases').forEach((golden, i) => {
      for (const precision of ['float64', 'float32'] as const)
        tally.add(
          `case ${String(i)}, ${precision}`,
          adamwCase(golden, precision).worstError,
          limits[precision],
        );
    });
    return tally.outcome();
  },
};
