import type { Completion, FinishReason } from '@doppio/core';

/** One completion in the making. */
export interface Row {
  /** Place of its prompt in the request. */
  readonly prompt: number;
  /** Keys its random numbers. */
  readonly promptIndex: number;
  readonly sample: number;
  readonly promptIds: Int32Array;
  readonly ids: number[];
  readonly logProbs: number[];
  readonly samplingLogProbs: number[];
  finish: FinishReason | undefined;
}

/** Tokens in the row's cache once its last known token has been computed. */
export function cachedLength(row: Row): number {
  return row.promptIds.length + row.ids.length;
}

export function lastToken(row: Row): number {
  return row.ids.at(-1) ?? (row.promptIds.at(-1) as number);
}

export function completionOf(row: Row): Completion {
  return {
    ids: Int32Array.from(row.ids),
    logProbs: Float32Array.from(row.logProbs),
    samplingLogProbs: Float32Array.from(row.samplingLogProbs),
    finishReason: row.finish ?? 'length',
  };
}

/** Results of a chunk of decoding: [step, row]. */
export interface DecodedChunk {
  readonly steps: number;
  readonly rows: number;
  readonly tokens: BigInt64Array;
  readonly logProbs: Float32Array;
  readonly samplingLogProbs: Float32Array;
}

export interface StopRule {
  readonly maxTokens: number;
  readonly stopIds: ReadonlySet<number>;
  readonly stopStrings: readonly string[];
  readonly decode: (ids: readonly number[]) => string;
}

/** Takes a row's tokens out of a chunk, up to where the completion ends. Gives the number of new tokens. */
export function takeTokens(row: Row, place: number, chunk: DecodedChunk, rule: StopRule): number {
  const before = row.ids.length;
  for (let step = 0; step < chunk.steps && row.finish === undefined; step += 1) {
    const at = step * chunk.rows + place;
    const id = Number(chunk.tokens[at]);
    row.ids.push(id);
    row.logProbs.push(chunk.logProbs[at] as number);
    row.samplingLogProbs.push(chunk.samplingLogProbs[at] as number);
    if (rule.stopIds.has(id)) row.finish = 'stop';
    else if (row.ids.length >= rule.maxTokens) row.finish = 'length';
  }
  if (rule.stopStrings.length > 0) cutAtStopString(row, before, rule);
  return row.ids.length - before;
}

/** Ends the row with the token that completes a stop string; it does not depend on how decoding was cut into chunks. */
function cutAtStopString(row: Row, before: number, { stopStrings, decode }: StopRule): void {
  const contains = (length: number): boolean => {
    const text = decode(row.ids.slice(0, length));
    return stopStrings.some((stop) => text.includes(stop));
  };
  if (!contains(row.ids.length)) return;
  let length = before + 1;
  while (!contains(length)) length += 1;
  row.ids.length = length;
  row.logProbs.length = length;
  row.samplingLogProbs.length = length;
  row.finish = 'stop_string';
}
