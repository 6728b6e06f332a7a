import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Budget } from '../budget.js';
import { compatVerify } from './grade/compat-verify.js';
import { compatParse } from './parse.js';
import { readCompatSettings } from './settings.js';

interface Case {
  readonly id: string;
  readonly gold: string;
  readonly pred: string;
  readonly expected: boolean;
  readonly config: unknown;
}

const file = fileURLToPath(
  new URL('../../../../../../shared/data/math-verify/verify-cases.json', import.meta.url),
);

describe("Math-Verify's own cases", () => {
  if (!existsSync(file)) {
    it.skip('../shared/data/math-verify/verify-cases.json is not beside this repository', () => undefined);
    return;
  }
  const cases = JSON.parse(readFileSync(file, 'utf8')) as readonly Case[];
  it.each(cases.map((one) => [one.id, one] as const))('%s', (_, { gold, pred, expected, config }) => {
    const settings = readCompatSettings(config);
    if ('problem' in settings) throw new Error(settings.problem);
    const budget = new Budget();
    const decision = compatVerify(
      compatParse(gold, settings, budget),
      compatParse(pred, settings, budget),
      settings,
      budget,
    );
    expect(decision).toMatchObject({ equal: expected });
  });
});
