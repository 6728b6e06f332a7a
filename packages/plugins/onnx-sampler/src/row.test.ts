import { describe, expect, it } from 'vitest';
import { completionOf, takeTokens, type DecodedChunk, type Row, type StopRule } from './row.js';

const newRow = (): Row => ({
  prompt: 0,
  promptIndex: 0,
  sample: 0,
  promptIds: Int32Array.of(1),
  ids: [],
  logProbs: [],
  samplingLogProbs: [],
  finish: undefined,
});

/** Letters as tokens: `a` is 97. Two rows, of which the first holds other letters. */
function chunkOf(text: string): DecodedChunk {
  const codes = Array.from(text, (char) => char.charCodeAt(0));
  return {
    steps: codes.length,
    rows: 2,
    tokens: BigInt64Array.from(codes.flatMap((code) => [63n, BigInt(code)])),
    logProbs: Float32Array.from(codes.flatMap((code) => [0, -code])),
    samplingLogProbs: Float32Array.from(codes.flatMap((code) => [0, -2 * code])),
  };
}

function rule(rest: Partial<StopRule> = {}): StopRule {
  return {
    maxTokens: 100,
    stopIds: new Set(),
    stopStrings: [],
    decode: (ids) => String.fromCharCode(...ids),
    ...rest,
  };
}

/** Decodes `text` in chunks of `size`, until the row has ended. */
function decode(text: string, size: number, stop: StopRule): { row: Row; text: string; taken: number } {
  const row = newRow();
  let taken = 0;
  for (let at = 0; at < text.length && row.finish === undefined; at += size)
    taken += takeTokens(row, 1, chunkOf(text.slice(at, at + size)), stop);
  return { row, text: String.fromCharCode(...row.ids), taken };
}

const cases: readonly [title: string, stop: StopRule, text: string, finish: Row['finish']][] = [
  ['goes on', rule(), 'abcdefghij', undefined],
  ['a stop token', rule({ stopIds: new Set([101]) }), 'abcde', 'stop'],
  ['the first of two stop tokens', rule({ stopIds: new Set([103, 101]) }), 'abcde', 'stop'],
  ['the longest length', rule({ maxTokens: 4 }), 'abcd', 'length'],
  ['a stop token at the longest length', rule({ maxTokens: 5, stopIds: new Set([101]) }), 'abcde', 'stop'],
  ['a string of one token', rule({ stopStrings: ['d'] }), 'abcd', 'stop_string'],
  ['a string of several tokens', rule({ stopStrings: ['cdef'] }), 'abcdef', 'stop_string'],
  ['the string that ends first', rule({ stopStrings: ['efgh', 'bc', 'ef'] }), 'abc', 'stop_string'],
  [
    'a string before the stop token',
    rule({ stopStrings: ['cd'], stopIds: new Set([103]) }),
    'abcd',
    'stop_string',
  ],
  ['a stop token before the string', rule({ stopStrings: ['fg'], stopIds: new Set([101]) }), 'abcde', 'stop'],
  ['a string before the longest length', rule({ stopStrings: ['bcd'], maxTokens: 7 }), 'abcd', 'stop_string'],
  ['a string at the longest length', rule({ stopStrings: ['cd'], maxTokens: 4 }), 'abcd', 'stop_string'],
  ['part of a string at the longest length', rule({ stopStrings: ['cdef'], maxTokens: 4 }), 'abcd', 'length'],
  ['a string that does not come', rule({ stopStrings: ['xyz'] }), 'abcdefghij', undefined],
];

describe.each([1, 2, 3, 4, 5, 7, 10])('a row that takes %i tokens at a time ends at', (size) => {
  it.each(cases)('%s', (_, stop, text, finish) => {
    const { row, text: found, taken } = decode('abcdefghij', size, stop);
    expect([found, row.finish, taken]).toEqual([text, finish, text.length]);
    const codes = Array.from(text, (char) => char.charCodeAt(0));
    expect(row.logProbs).toEqual(codes.map((code) => -code));
    expect(row.samplingLogProbs).toEqual(codes.map((code) => -2 * code));
  });
});

it('a completion has one number for each token, and a row that was never ended was cut short', () => {
  const { row } = decode('abc', 2, rule());
  const { ids, logProbs, samplingLogProbs, finishReason } = completionOf(row);
  expect(ids).toEqual(Int32Array.of(97, 98, 99));
  expect(logProbs).toEqual(Float32Array.of(-97, -98, -99));
  expect(samplingLogProbs).toEqual(Float32Array.of(-194, -196, -198));
  expect(finishReason).toBe('length');
});

it('the last token of a text that a string ends within is kept whole', () => {
  const words = ['so ', 'on; and', ' so on'];
  const stop = rule({ stopStrings: ['on;'], decode: (ids) => ids.map((id) => words[id - 97]).join('') });
  const { text, row } = decode('abc', 3, stop);
  expect([text, row.finish]).toEqual(['ab', 'stop_string']);
});
