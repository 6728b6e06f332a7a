import { readFileSync } from 'node:fs';
import type { Verification } from '../src/result.js';
import { verify } from '../src/verify.js';

/** One judged pair of the truth set. */
export interface TruthPair {
  readonly id: string;
  readonly gold: string;
  readonly prediction: string;
  /** What a mathematician who grades fairly says. */
  readonly equal: boolean;
  readonly why: string;
  /** Fair graders differ: not counted. */
  readonly debatable?: true;
}

export interface JudgedPair {
  readonly pair: TruthPair;
  readonly result: Verification;
  readonly right: boolean;
}

export interface CategoryResult {
  readonly category: string;
  /** Those that count. */
  readonly judged: readonly JudgedPair[];
  readonly debatable: readonly JudgedPair[];
}

/** In the order of the table; each is a file in `truth/`. */
export const CATEGORIES = [
  'integers',
  'decimals-and-rounding',
  'fractions-and-mixed',
  'radicals',
  'powers-and-scientific',
  'percent-and-ratio',
  'units-and-currency',
  'constants-and-trigonometry',
  'logs-and-factorials',
  'complex',
  'symbolic-expressions',
  'equations',
  'inequalities-and-intervals',
  'sets-and-lists',
  'tuples-and-vectors',
  'matrices',
  'text-and-choice',
  'bases-and-times',
  'extraction-boxes',
  'extraction-prose',
  'extraction-think-and-chat',
  'near-misses',
  'remarks-and-spellings',
  'whole-completions',
  'hacks',
] as const;

export function readTruth(category: string): readonly TruthPair[] {
  const file = new URL(`truth/${category}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as TruthPair[];
}

/** Verdicts that say no. An unreadable gold and an exhausted budget are no verdicts: they count as wrong. */
const REFUSALS: ReadonlySet<Verification['verdict']> = new Set(['different', 'prediction-unreadable']);

export function isRight(pair: TruthPair, result: Verification): boolean {
  return pair.equal ? result.verdict === 'equal' : REFUSALS.has(result.verdict);
}

/** The whole truth set in mode `correct`. */
export function judgeTruth(): readonly CategoryResult[] {
  return CATEGORIES.map((category) => {
    const all = readTruth(category).map((pair): JudgedPair => {
      const result = verify(pair.gold, pair.prediction);
      return { pair, result, right: isRight(pair, result) };
    });
    return {
      category,
      judged: all.filter(({ pair }) => !pair.debatable),
      debatable: all.filter(({ pair }) => pair.debatable),
    };
  });
}

/** The README's table, in Markdown. */
export function truthTable(results: readonly CategoryResult[]): string {
  const counted = results.flatMap(({ judged }) => judged);
  const debatable = results.flatMap((result) => result.debatable);
  const rows = [
    ['category', 'pairs', 'of these equal', 'right', 'debatable, not counted'],
    ['---', '--:', '--:', '--:', '--:'],
    ...results.map((result) => row(result.category, result.judged, result.debatable.length)),
    row('all', counted, debatable.length),
  ];
  return rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function row(name: string, judged: readonly JudgedPair[], debatable: number): readonly string[] {
  const count = (test: (judged: JudgedPair) => boolean): string => String(judged.filter(test).length);
  return [
    name,
    String(judged.length),
    count(({ pair }) => pair.equal),
    count(({ right }) => right),
    String(debatable),
  ];
}

/** A wrong verdict in one line: the pair, what was said and by which rule. */
export function describeWrong({ pair, result }: JudgedPair): string {
  const said =
    'rule' in result ? `${result.verdict} by ${result.rule}` : `${result.verdict}: ${result.reason}`;
  const prediction = pair.prediction.length > 80 ? `...${pair.prediction.slice(-80)}` : pair.prediction;
  return `${pair.id} (${pair.why}): ${JSON.stringify(pair.gold)} and ${JSON.stringify(prediction)}, ${said}`;
}
