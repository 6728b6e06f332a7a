import { describe, expect, it } from 'vitest';
import type { Verification } from '../src/result.js';
import { MODES, verify, type Mode } from '../src/verify.js';
import { EXPENSIVE, GROWING, latexLike, randomBytes } from './hostile.js';
import { Random } from './random.js';

const STRINGS = 100_000;
/** Milliseconds one verdict on a short text may take. */
const LIMIT = 50;

/** `verify` turns whatever is thrown inside into a verdict: only a budget that ran out may be behind one. */
function brokeDown(result: Verification): boolean {
  return 'reason' in result && result.reason.startsWith('the verifier failed');
}

/**
 * Whether a pair breaks the verifier or is slow, in words; undefined where all is well. A verdict that took long is asked
 * for again: only what is slow every time is slow, and not what the machine was busy beside.
 */
function complaint(gold: string, text: string, mode: Mode): string | undefined {
  let fastest = Infinity;
  for (let attempt = 0; attempt < 8 && fastest > LIMIT; attempt++) {
    const start = performance.now();
    const result = verify(gold, text, { mode });
    fastest = Math.min(fastest, performance.now() - start);
    if (brokeDown(result))
      return `${JSON.stringify([gold, text])}: ${'reason' in result ? result.reason : ''}`;
  }
  return fastest > LIMIT ? `${JSON.stringify([gold, text])}: ${fastest.toFixed(0)} ms` : undefined;
}

describe.each(MODES)('mode %s', (mode) => {
  it.each([
    ['LaTeX-like strings', latexLike],
    ['random bytes', randomBytes],
  ])('reads %s without breaking down', (_, draw) => {
    const random = new Random(4);
    const complaints: string[] = [];
    for (let i = 0; i < STRINGS / 2; i++) {
      const text = draw(random);
      // As an answer, as a gold, and in a box, where all of it is read.
      const [gold, answer] = random.pick([
        [text, text],
        ['7', text],
        [text, `\\boxed{${text}}`],
        ['x+1', `\\boxed{${text}}`],
      ] as const);
      const said = complaint(gold, answer, mode);
      if (said !== undefined) complaints.push(said);
    }
    expect({ complaints: complaints.length, first: complaints.slice(0, 20) }).toEqual({
      complaints: 0,
      first: [],
    });
  });

  it.each(EXPENSIVE.map((text) => [text.length > 60 ? `${text.slice(0, 60)}...` : text, text]))(
    'decides or gives up on %s within its budget',
    (_, text) => {
      const pairs = [
        ['7', text],
        [text, '7'],
        [text, text],
        [text, `${text}+1`],
        [`${text}+1`, text],
        [`x = ${text}`, `{${text}}-1`],
      ] as const;
      const complaints = pairs.map(([gold, answer]) => complaint(gold, `\\boxed{${answer}}`, mode));
      expect(complaints.filter((said) => said !== undefined)).toEqual([]);
    },
  );

  it('gives the same verdict a second time', () => {
    const random = new Random(5);
    for (let i = 0; i < 500; i++) {
      const [gold, answer] = [latexLike(random), latexLike(random)];
      expect(verify(gold, answer, { mode })).toEqual(verify(gold, answer, { mode }));
    }
  });

  it('ends early, and quietly, on a small budget', () => {
    const random = new Random(6);
    for (let i = 0; i < 3000; i++) {
      const budget = {
        steps: 1 + random.below(100),
        bits: 8 + random.below(100),
        nesting: 1 + random.below(5),
      };
      expect(brokeDown(verify(latexLike(random), latexLike(random), { mode, budget }))).toBe(false);
    }
  });
});

describe('the time a verdict takes', () => {
  /** Ten times the length may take so many times as long; a quadratic reader takes a hundred times as long. */
  const GROWTH = 60;
  /** Milliseconds below which growth is not looked at, and those a million characters may take. */
  const QUICK = 100;
  const LONGEST = 5000;

  const time = (mode: Mode, text: string): number => {
    const start = performance.now();
    expect(brokeDown(verify('7', text, { mode }))).toBe(false);
    return performance.now() - start;
  };
  const tooSlow = (times: readonly number[]): boolean =>
    times.some((ms, i) => ms > LONGEST || ms > Math.max(QUICK, GROWTH * (times[i - 1] ?? 0)));

  it.each(MODES.flatMap((mode) => GROWING.map(([name, make]) => [mode, name, make] as const)))(
    'in mode %s grows no faster than the text: %s',
    (mode, _, make) => {
      const texts = [1e3, 1e4, 1e5, 1e6].map(make);
      let times = texts.map((text) => time(mode, text));
      // Measured again before it is called slow: the machine may have been busy with something else.
      for (let again = 0; again < 3 && tooSlow(times); again++)
        times = texts.map((text, i) => Math.min(times[i] ?? Infinity, time(mode, text)));
      expect(tooSlow(times), times.map((ms) => ms.toFixed(1)).join(', ')).toBe(false);
    },
  );
});
