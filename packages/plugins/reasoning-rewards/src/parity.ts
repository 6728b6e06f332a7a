import { cosineReward } from './cosine.js';
import { formatReward } from './format.js';
import type { Correctness } from './judge.js';
import { l1Reward } from './l1.js';
import { lengthReward } from './length.js';
import { codePointLength } from './python-text.js';
import { reasoningStepsReward } from './reasoning-steps.js';
import { repetitionPenalty } from './repetition-penalty.js';
import { tagCountReward } from './tag-count.js';

/** One group of recorded completions with the values that the published functions gave them. */
export interface RewardsCase {
  readonly group: number;
  readonly gold: string;
  readonly targetLength: number;
  /** `{ repeat: [text, n] }` is the text n times. */
  readonly completions: readonly (string | { readonly repeat: readonly [string, number] })[];
  /** [function][completion] */
  readonly values: Readonly<Record<string, readonly (number | null)[]>>;
}

/** Recorded arguments of `cosine_*` and `repetition_*`. */
export type RewardsParameters = Readonly<Record<string, Readonly<Record<string, number>>>>;

export interface ParityResult {
  /** Largest difference of a value; infinite where one side has none or a 0/1 value is not met exactly. */
  readonly worstError: number;
  readonly limit: number;
  /** What differs or is not compared, one line each. */
  readonly details: readonly string[];
}

/** How the published length rewards judged a completion of a case; null: unreadable gold. */
export type PublishedVerdict = (testCase: RewardsCase, completion: number) => Correctness;

/** Recorded functions that are not of this package. */
const ELSEWHERE = ['accuracy'];
const LIMIT = 1e-12;

/**
 * Compares every function of this package in mode `published` with recorded values. `accuracy` belongs to the math
 * verifier and is not compared; whether an answer is right is an input here (`verdict`).
 */
export function rewardsCase(
  testCase: RewardsCase,
  parameters: RewardsParameters,
  verdict: PublishedVerdict = recordedVerdict,
): ParityResult {
  const texts = testCase.completions.map((c) =>
    typeof c === 'string' ? c : c.repeat[0].repeat(c.repeat[1]),
  );
  const lengths = texts.map(codePointLength);
  const correct = texts.map((_, i) => verdict(testCase, i));
  const details: string[] = [];
  let worstError = 0;
  for (const [name, expected] of Object.entries(testCase.values)) {
    if (ELSEWHERE.includes(name)) continue;
    const actual = published(name, { texts, lengths, correct }, testCase.targetLength, parameters[name]);
    if (actual === undefined) {
      details.push(`${name}: not known here`);
      worstError = Infinity;
      continue;
    }
    for (const [i, value] of expected.entries()) {
      const error = difference(actual[i] ?? null, value);
      if (error > LIMIT)
        details.push(`${name}, completion ${String(i)}: ${String(actual[i])} instead of ${String(value)}`);
      worstError = Math.max(worstError, error);
    }
  }
  return { worstError, limit: LIMIT, details };
}

/**
 * The verdict behind the recorded values. The published cosine reward tells it: 1 for every completion where the gold is
 * unreadable, from 0.5 on for a right completion, up to 0 for a wrong one. `accuracy` may say something else, since the
 * published length rewards read the gold as LaTeX only, hand prediction and gold to the comparison the wrong way round and
 * keep a box inside dollars; it decides where no cosine is recorded.
 */
export function recordedVerdict({ gold, values }: RewardsCase, completion: number): Correctness {
  const cosines = Object.entries(values).flatMap(([name, recorded]) =>
    name.startsWith('cosine') ? [recorded] : [],
  );
  const value = cosines[0]?.[completion];
  if (typeof value === 'number')
    return cosines.every((recorded) => recorded.every((one) => one === 1)) ? null : value > 0.25;
  if (!/\$|\\boxed|\\\(|\\\[/u.test(gold)) return null;
  return values['accuracy']?.[completion] === 1;
}

function published(
  name: string,
  group: { texts: readonly string[]; lengths: readonly number[]; correct: readonly Correctness[] },
  target: number,
  parameters: Readonly<Record<string, number>> = {},
): readonly (number | null)[] | undefined {
  const { texts, lengths, correct } = group;
  const tags = { mode: 'published', opening: 'completion', answerTags: false } as const;
  const given = (key: string): number => parameters[key] ?? NaN;
  switch (name.replace(/_(\d.*|scalar)$/u, '')) {
    case 'format':
      return texts.map((text) => formatReward(text, tags));
    case 'tag_count':
      return texts.map((text) => tagCountReward(text, tags));
    case 'reasoning_steps':
      return texts.map((text) => reasoningStepsReward(text, 'published'));
    case 'length':
      return lengthReward(lengths, correct, 'published');
    case 'cosine':
      return lengths.map((length, i) =>
        cosineReward(length, correct[i] ?? null, {
          mode: 'published',
          minValueWrong: given('minValueWrong'),
          maxValueWrong: given('maxValueWrong'),
          minValueCorrect: given('minValueCorrect'),
          maxValueCorrect: given('maxValueCorrect'),
          maxLength: given('maxLen'),
        }),
      );
    case 'repetition':
      return texts.map((text) =>
        repetitionPenalty(text, {
          mode: 'published',
          ngramSize: given('ngramSize'),
          maxPenalty: given('maxPenalty'),
        }),
      );
    case 'l1_exact':
      return l1Reward('l1_exact', lengths, correct, target, { mode: 'published', alpha: 0.0003, delta: 0.5 });
    case 'l1_max':
      return l1Reward('l1_max', lengths, correct, target, { mode: 'published', alpha: 0.0003, delta: 0.5 });
    default:
      return undefined;
  }
}

/** Null, 0 and 1 have to be met exactly. */
function difference(actual: number | null, expected: number | null): number {
  if (actual === null || expected === null) return actual === expected ? 0 : Infinity;
  if ((expected === 0 || expected === 1) && actual !== expected) return Infinity;
  return Number.isNaN(actual) ? Infinity : Math.abs(actual - expected);
}
