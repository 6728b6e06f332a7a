import { createStream } from '@doppio/core';
import { describe, expect, it } from 'vitest';
import { DIFFICULTIES, expressionOf, KINDS, problemOf, type Problem } from './problem.js';
import { canonicalFormOf, splitOf, type Split } from './split.js';

const stream = createStream({ seed: 5, purpose: 'split test' });
const problems = KINDS.flatMap((kind) =>
  DIFFICULTIES[kind].flatMap((difficulty) =>
    Array.from({ length: 3000 }, () => problemOf(kind, difficulty, stream)),
  ),
);

describe('splitOf', () => {
  it('puts commutative twins on the same side', () => {
    for (const problem of problems.filter(({ kind }) => kind !== 'sub')) {
      const twin: Problem = { ...problem, a: problem.b, b: problem.a };
      expect(splitOf(twin), `${expressionOf(problem)} and ${expressionOf(twin)}`).toBe(splitOf(problem));
    }
  });

  it('has disjoint parts: no canonical form is in two of them', () => {
    const parts = new Map<string, Split>();
    for (const problem of problems) {
      const form = canonicalFormOf(problem);
      expect(splitOf(problem)).toBe(parts.get(form) ?? splitOf(problem));
      parts.set(form, splitOf(problem));
    }
    expect(new Set(parts.values()).size).toBe(4);
  });

  it('does not take a difference for its negative', () => {
    const problem: Problem = { kind: 'sub', difficulty: 2, a: 57, b: 23 };
    expect(canonicalFormOf(problem)).toBe('57-23');
  });

  it.each([
    ['evaluation', 0.1],
    ['selection', 0.1],
    ['training', 0.2],
    ['pretraining', 0.6],
  ] as const)('gives %s its share', (split, share) => {
    for (const kind of KINDS) {
      const forms = new Map(
        problems.filter((p) => p.kind === kind).map((p) => [canonicalFormOf(p), splitOf(p)]),
      );
      const fraction = [...forms.values()].filter((s) => s === split).length / forms.size;
      // Five standard errors.
      expect(Math.abs(fraction - share)).toBeLessThan(5 * Math.sqrt((share * (1 - share)) / forms.size));
    }
  });
});
