import { DoppioError, type Tokenizer } from '@doppio/core';

/** Stands where no text is read or written: benchmarks on random tokens. */
export function noTokenizer(vocabularySize: number): Tokenizer {
  const fail = (): never => {
    throw new DoppioError('BENCH_TEXT', { what: 'a benchmark on random tokens has no text' });
  };
  return { vocabularySize, stopIds: [], encode: fail, decode: fail, applyChatTemplate: fail };
}
