import type { PairResult } from './pair-result.js';

/** Columns of fixed width: rows are printed before the next ones are known. */
const WIDTHS = { id: 14, verdict: 21, rule: 26, gold: 24 } as const;

export const PAIR_HEAD = row('ID', 'VERDICT', 'RULE', 'GOLD', 'PREDICTION');

/** One result as a line for people. @param place - line of the file, where the pair has no id */
export function pairRow(result: PairResult, place: number): string {
  const mark = result.expected === undefined || result.expected === result.equal ? '' : '  NOT AS EXPECTED';
  const id = result.id === undefined ? `line ${String(place)}` : String(result.id);
  return `${row(id, result.verdict, result.rule ?? '-', result.gold ?? '-', cut(result.pred ?? '-', 40))}${mark}`;
}

function row(id: string, verdict: string, rule: string, gold: string, pred: string): string {
  const cells = [
    cell(id, WIDTHS.id),
    cell(verdict, WIDTHS.verdict),
    cell(rule, WIDTHS.rule),
    cell(gold, WIDTHS.gold),
  ];
  return [...cells, pred].join('  ');
}

function cell(text: string, width: number): string {
  return cut(text, width).padEnd(width);
}

function cut(text: string, width: number): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > width ? `${line.slice(0, width - 3)}...` : line;
}
