import { isAbsolute, relative } from 'node:path';
import type { EvaluationSummary, StepMetrics } from '@doppio/core';

/** 0.4837 as 48.4 %. */
export function percent(fraction: number): string {
  return `${(fraction * 100).toFixed(1)} %`;
}

/** Seconds as people say them: 8 s, 3 min 20 s, 2 h 5 min. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${String(whole)} s`;
  if (whole < 3600) return `${String(Math.floor(whole / 60))} min ${String(whole % 60)} s`;
  return `${String(Math.floor(whole / 3600))} h ${String(Math.floor((whole % 3600) / 60))} min`;
}

/** Thousands as k, so that columns stay narrow. */
export function count(value: number): string {
  if (value >= 1e6) return `${(value / 1e6).toFixed(1)}M`;
  if (value >= 1e4) return `${(value / 1e3).toFixed(1)}k`;
  return String(Math.round(value));
}

/** One line per step: what happened, how fast, how long it still takes. */
export function stepLine(metrics: StepMetrics): string {
  const width = String(metrics.totalSteps).length;
  const rewards = Object.entries(metrics.rewards);
  const perFunction =
    rewards.length === 0
      ? ''
      : ` (${rewards.map(([id, value]) => `${id} ${value === null ? '-' : value.toFixed(2)}`).join(', ')})`;
  return [
    `step ${String(metrics.step).padStart(width)}/${String(metrics.totalSteps)}`,
    `reward ${metrics.reward === null ? '-' : metrics.reward.toFixed(3)}${perFunction}`,
    `length ${metrics.meanCompletionTokens.toFixed(1)}`,
    `entropy ${metrics.entropy === null ? '-' : metrics.entropy.toFixed(3)}`,
    `drift ${metrics.samplerDrift === null ? '-' : metrics.samplerDrift.max.toExponential(0)}`,
    `${count(metrics.tokensPerSecond)} tok/s`,
    `${duration(metrics.secondsLeft)} left`,
  ].join('  ');
}

/**
 * Breaks a line of fields, which two spaces divide, where it would be longer than `width`: between two fields or after
 * a comma, never within a number and its unit. A field longer than that stays whole.
 */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of text.split(/(?<= {2}|, )(?! )/)) {
    if (line.trim() !== '' && (line + piece).trimEnd().length > width) {
      lines.push(line.trimEnd());
      line = '  ';
    }
    line += piece;
  }
  return [...lines, line.trimEnd()];
}

/** The last values of a series as bars, lowest to highest. */
export function sparkline(values: readonly number[], width: number): string {
  const bars = '▁▂▃▄▅▆▇█';
  const shown = values.slice(-width);
  const low = Math.min(...shown);
  const range = Math.max(...shown) - low;
  return shown
    .map(
      (value) =>
        bars[range === 0 ? 0 : Math.min(bars.length - 1, Math.floor(((value - low) / range) * bars.length))],
    )
    .join('');
}

export function evaluationLine(name: string, summary: EvaluationSummary): string {
  const [low, high] = summary.interval;
  const ungraded = summary.ungraded === 0 ? '' : `  ${String(summary.ungraded)} not graded`;
  return `${name}: pass@1 ${percent(summary.pass1)} [${percent(low)}, ${percent(high)}] on ${String(summary.problems)} problems of ${summary.benchmark}  length ${summary.meanCompletionTokens.toFixed(1)}  cut off ${percent(summary.truncatedFraction)}  ${duration(summary.seconds)}${ungraded}`;
}

/** A path as its reader would type it: relative where it is below the folder that the command was given in. */
export function shortPath(path: string, from: string = process.env['INIT_CWD'] ?? process.cwd()): string {
  const short = relative(from, path) || '.';
  return short.startsWith('..') || isAbsolute(short) ? path : short;
}
