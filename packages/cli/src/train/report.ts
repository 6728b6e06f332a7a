import type { ProblemResult, TrainingResult } from '@doppio/core';
import { colorsFor, duration, percent, shortPath } from '@doppio/trackers';
import type { RunSummary } from './summary.js';

const pc = colorsFor(process.stdout.isTTY);

/** What a person reads at the end of a run. */
export function reportLines(result: TrainingResult, summary: RunSummary, examples: number): string[] {
  const lines: string[] = [''];
  for (const [id, comparison] of Object.entries(result.comparisons)) {
    const [base, final] = [summary.base[id], summary.final[id]];
    if (base === undefined || final === undefined) continue;
    const range = ([low, high]: readonly [number, number]): string => `[${percent(low)}, ${percent(high)}]`;
    lines.push(
      pc.bold(
        `${id}, ${String(comparison.problems)} held-out problems, the same before and after; 95 % intervals`,
      ),
    );
    lines.push(`  before      ${percent(base.pass1)} ${range(base.interval)}`);
    lines.push(`  after       ${percent(final.pass1)} ${range(final.interval)}`);
    lines.push(
      `  difference  ${points(comparison.difference)} [${points(comparison.interval[0])}, ${points(comparison.interval[1])}]  p ${pValue(comparison.pValue)}`,
    );
    for (const pair of choosePairs(result, id, examples))
      lines.push(
        '',
        `  ${oneLine(pair.before.question)}  answer ${oneLine(pair.before.answer)}`,
        `    before ${mark(pair.before)} ${oneLine(pair.before.completion)}`,
        `    after  ${mark(pair.after)} ${oneLine(pair.after.completion)}`,
      );
    lines.push('');
  }
  const total = summary.seconds['total'] ?? 0;
  lines.push(
    `${String(summary.steps)} steps, ${String(summary.completion_tokens)} completion tokens, ${duration(total)}, peak memory ${summary.peak_rss_mb.toFixed(0)} MB`,
  );
  lines.push(`adapter: ${shortPath(summary.adapter)}`);
  return lines;
}

interface Pair {
  readonly before: ProblemResult;
  readonly after: ProblemResult;
}

/** Problems to show: first one that was learned, then one that was not, then one more that was. */
function choosePairs(result: TrainingResult, id: string, count: number): Pair[] {
  const after = new Map(result.final[id]?.problems.map((problem) => [problem.id, problem]));
  const pairs = (result.base[id]?.problems ?? []).flatMap((before) => {
    const match = after.get(before.id);
    return match === undefined ? [] : [{ before, after: match }];
  });
  const learned = pairs.filter((pair) => pair.before.correct[0] !== true && pair.after.correct[0] === true);
  const failed = pairs.filter((pair) => pair.after.correct[0] !== true);
  const rest = pairs.filter((pair) => !learned.includes(pair) && !failed.includes(pair));
  return [...learned.slice(0, 1), ...failed.slice(0, 1), ...learned.slice(1), ...rest].slice(0, count);
}

const mark = (problem: ProblemResult): string =>
  problem.correct[0] === true ? pc.green('right') : pc.red('wrong');
/** Line breaks and other control characters as JSON writes them: a completion may hold what would move the cursor. */
const oneLine = (text: string): string =>
  text.replaceAll(/\p{Cc}/gu, (character) =>
    character >= '\u007f'
      ? `\\u00${character.charCodeAt(0).toString(16)}`
      : JSON.stringify(character).slice(1, -1),
  );
const points = (difference: number): string =>
  `${difference >= 0 ? '+' : ''}${(difference * 100).toFixed(1)} points`;
const pValue = (p: number): string => (p < 1e-4 ? '< 0.0001' : p.toFixed(4));
