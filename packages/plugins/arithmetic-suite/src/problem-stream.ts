import { createStream, DoppioError } from '@doppio/core';
import { DIFFICULTIES, KINDS, problemOf, questionOf, type Kind, type Problem } from './problem.js';
import { canonicalFormOf, splitOf, type Split } from './split.js';
import { completionTextOf } from './worked-solution.js';

/** Which problems are drawn. */
export interface ProblemSelection {
  readonly split: Split;
  /** Drawn equally often. Default: every kind that has one of the difficulties. */
  readonly kinds?: readonly Kind[] | undefined;
  /** Digits of the largest operand; a kind draws equally often among those it has. Default 2, 3, 4. */
  readonly difficulties?: readonly number[] | undefined;
}

/** Draws problems of one selection: number `index` of a seed is always the same one. */
export type ProblemStream = (seed: number, index: number) => Problem;

/**
 * An endless stream of problems, repetitions included.
 *
 * @throws DoppioError ARITHMETIC_SELECTION when a named kind has none of the difficulties, or none is left
 */
export function problemStream(selection: ProblemSelection): ProblemStream {
  const choices = choicesOf(selection);
  return (seed, index) => {
    const stream = createStream({
      seed,
      purpose: `arithmetic/${selection.split}`,
      step: Math.floor(index / 2 ** 32),
      prompt: index % 2 ** 32,
    });
    for (;;) {
      const { kind, difficulties } = at(choices, stream.integer(choices.length));
      const problem = problemOf(kind, at(difficulties, stream.integer(difficulties.length)), stream);
      if (splitOf(problem) === selection.split) return problem;
    }
  };
}

/**
 * The first `count` problems of a stream that are not a twin of an earlier one.
 *
 * @throws DoppioError ARITHMETIC_EXHAUSTED when the selection does not hold that many
 */
export function uniqueProblems(selection: ProblemSelection, seed: number, count: number): Problem[] {
  const draw = problemStream(selection);
  const seen = new Set<string>();
  const problems: Problem[] = [];
  // A selection with just `count` problems needs about count * ln(count) draws; far beyond, there are not enough.
  const patience = 1000 + 50 * count;
  for (let index = 0; problems.length < count; index += 1) {
    if (index > patience)
      throw new DoppioError('ARITHMETIC_EXHAUSTED', {
        what: 'This selection of arithmetic problems does not hold as many different ones.',
        where: `split ${selection.split}, kinds ${(selection.kinds ?? KINDS).join(', ')}`,
        seen: `${String(count)} wanted, ${String(problems.length)} found`,
        fix: 'Ask for fewer problems, or add kinds or difficulties.',
      });
    const problem = draw(seed, index);
    const form = canonicalFormOf(problem);
    if (seen.has(form)) continue;
    seen.add(form);
    problems.push(problem);
  }
  return problems;
}

/**
 * Worked examples `from .. from + count` of the pretraining split. `question` is the user's message;
 * `completionText` is the assistant's, without the stop token that training has to append.
 */
export function pretrainingExamples(
  seed: number,
  from: number,
  count: number,
  selection: Omit<ProblemSelection, 'split'> = {},
): { readonly question: string; readonly completionText: string }[] {
  const draw = problemStream({ ...selection, split: 'pretraining' });
  return Array.from({ length: count }, (_, i) => {
    const problem = draw(seed, from + i);
    return { question: questionOf(problem), completionText: completionTextOf(problem) };
  });
}

function choicesOf({ kinds, difficulties = [2, 3, 4] }: ProblemSelection) {
  const choices = [...new Set(kinds ?? KINDS)].map((kind) => ({
    kind,
    difficulties: DIFFICULTIES[kind].filter((difficulty) => difficulties.includes(difficulty)),
  }));
  const empty = choices.filter((choice) => choice.difficulties.length === 0);
  if (empty.length === choices.length || (kinds !== undefined && empty.length > 0))
    throw new DoppioError('ARITHMETIC_SELECTION', {
      what: 'No arithmetic problem has this kind and difficulty.',
      where: `kinds ${empty.map(({ kind }) => kind).join(', ') || '(none)'}`,
      seen: `difficulties ${difficulties.join(', ') || '(none)'}`,
      fix: `Choose among ${KINDS.map((kind) => `${kind}: ${DIFFICULTIES[kind].join('/')}`).join(', ')}.`,
    });
  return choices.filter((choice) => choice.difficulties.length > 0);
}

function at<T>(items: readonly T[], index: number): T {
  return items[index] as T;
}
