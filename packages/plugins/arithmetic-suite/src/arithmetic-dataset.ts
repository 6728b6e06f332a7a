import { DoppioError, type Dataset } from '@doppio/core';
import { questionOf, valueOf, type Kind, type Problem } from './problem.js';
import { problemStream, type ProblemSelection } from './problem-stream.js';

export interface ArithmeticRow {
  /** `<seed>-<index>`. */
  readonly id: string;
  /** E.g. `298+7527=?`. */
  readonly question: string;
  readonly answer: string;
  readonly kind: Kind;
  readonly difficulty: number;
}

/**
 * Dataset `arithmetic`: an endless stream of generated problems, so that there is one epoch only. Row i depends on the
 * seed and i alone.
 *
 * @throws DoppioError ARITHMETIC_SELECTION
 */
export function createArithmeticDataset(
  selection: ProblemSelection & { readonly seed: number },
): Dataset<ArithmeticRow> {
  const draw = problemStream(selection);
  return {
    id: 'arithmetic',
    size: undefined,
    messages: ({ question }) => [{ role: 'user', content: question }],
    read: async (cursor, count, signal) => {
      signal.throwIfAborted();
      if (!Number.isSafeInteger(cursor.row) || cursor.row < 0 || !Number.isSafeInteger(count) || count < 0)
        throw new DoppioError('DATASET_READ', {
          what: 'Rows are read from a cursor on, both being non-negative integers.',
          where: 'dataset arithmetic',
          seen: `row ${String(cursor.row)}, count ${String(count)}`,
          fix: 'Start with { epoch: 0, row: 0 } and go on with the cursor that read returned.',
        });
      const rows = Array.from({ length: count }, (_, i) => {
        const index = cursor.row + i;
        return rowOf(`${String(selection.seed)}-${String(index)}`, draw(selection.seed, index));
      });
      return Promise.resolve({ rows, next: { epoch: cursor.epoch, row: cursor.row + count } });
    },
  };
}

function rowOf(id: string, problem: Problem): ArithmeticRow {
  const { kind, difficulty } = problem;
  return { id, question: questionOf(problem), answer: String(valueOf(problem)), kind, difficulty };
}
