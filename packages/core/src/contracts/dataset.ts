import { createToken } from './token.js';
import type { ChatMessage } from './text.js';

/** Where a dataset's reading stands. Plain JSON: it is stored in checkpoints. */
export interface DatasetCursor {
  readonly epoch: number;
  /** Rows already given in this epoch. */
  readonly row: number;
}

/** Training rows in an order that depends on the seed alone, so that a resumed run sees the same ones. */
export interface Dataset<Row extends object = Record<string, unknown>> {
  readonly id: string;
  /** Rows in one epoch; undefined where that is not known beforehand. */
  readonly size: number | undefined;
  /** The conversation that the model is to continue. */
  readonly messages: (row: Row) => readonly ChatMessage[];
  /**
   * Reads `count` rows from the cursor on, starting the next epoch where one ends.
   * @throws DoppioError DATASET_READ naming the place of a row that cannot be read
   */
  readonly read: (
    cursor: DatasetCursor,
    count: number,
    signal: AbortSignal,
  ) => Promise<{ readonly rows: readonly Row[]; readonly next: DatasetCursor }>;
}
export const Dataset = createToken<Dataset>('Dataset');
