import { describe, expect, it } from 'vitest';
import { verify } from '../src/verify.js';
import { CHANGES } from './gold-changes.js';
import { DATASETS, readGolds } from './gold-data.js';

/** Golds that cannot be read: the issue allows this share, and their listing is the business of `doppio verify`. */
const UNREADABLE_SHARE = 0.005;
const LISTED = 20;

describe.each(DATASETS.map((spec) => [spec.name, readGolds(spec)] as const))('golds of %s', (name, golds) => {
  if (golds.missing) {
    it.skip(`../shared/data/${name}.jsonl is not beside this repository`, () => undefined);
    return;
  }
  const readable = golds.golds.filter((gold) => verify(gold, gold).verdict !== 'gold-unreadable');

  it('can be read', () => {
    const unreadable = golds.golds.filter((gold) => !readable.includes(gold));
    const allowed = Math.floor(UNREADABLE_SHARE * golds.rows);
    expect(unreadable.length, unreadable.slice(0, LISTED).join('\n')).toBeLessThanOrEqual(allowed);
  });

  it.each(CHANGES.map((change) => [change.equal ? 'equal' : 'do not equal', change.name, change] as const))(
    '%s themselves: %s',
    (_, __, { equal, apply }) => {
      const failures = readable.flatMap((gold) => {
        const answer = apply(gold);
        if (answer === undefined) return [];
        const { verdict } = verify(gold, answer);
        const right = equal ? verdict === 'equal' : verdict === 'different';
        return right ? [] : [`${JSON.stringify(gold)} and ${JSON.stringify(answer)}: ${verdict}`];
      });
      expect({ failures: failures.length, first: failures.slice(0, LISTED) }).toEqual({
        failures: 0,
        first: [],
      });
    },
  );
});
