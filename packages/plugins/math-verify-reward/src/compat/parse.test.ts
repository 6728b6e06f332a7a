import { describe, expect, it } from 'vitest';
import { integer } from '../answer/build.js';
import { Budget } from '../budget.js';
import { compatParse, compatParseWith } from './parse.js';
import { DEFAULT_COMPAT_SETTINGS, type CompatSettings } from './settings.js';

function parse(text: string, settings: Partial<CompatSettings> = {}): ReturnType<typeof compatParse> {
  return compatParse(text, { ...DEFAULT_COMPAT_SETTINGS, ...settings }, new Budget());
}

/** Parses with converters that take integers only. */
function parseIntegers(text: string, settings: Partial<CompatSettings> = {}): ReturnType<typeof compatParse> {
  const convert = (string: string) => (/^[0-9]+$/.test(string) ? integer(BigInt(string)) : undefined);
  const converters = { latex: convert, expr: convert };
  return compatParseWith(text, { ...DEFAULT_COMPAT_SETTINGS, ...settings }, converters, new Budget());
}

describe('compatParse', () => {
  it('passes over a place that cannot be read, but keeps its string', () => {
    const text = 'so $5$, that is $?$';
    const answer = parseIntegers(text);
    expect(answer).toMatchObject({ value: integer(5), string: '?' });
    expect(text.slice(answer.valueSpan?.start, answer.valueSpan?.end)).toBe('5');
    expect(text.slice(answer.stringSpan?.start, answer.stringSpan?.end)).toBe('?');
  });

  it('stops at the first place, where asked to', () => {
    expect(parseIntegers('so $5$, that is $?$', { extractionMode: 'first_match' })).toEqual({
      string: '?',
      stringSpan: { start: 17, end: 18 },
    });
  });

  it('has no string without fallback', () => {
    expect(parseIntegers('so $5$', { fallbackMode: 'no_fallback' })).toEqual({
      value: integer(5),
      valueSpan: { start: 4, end: 5 },
    });
  });

  it('makes one set of several environments, if all can be read', () => {
    expect(parseIntegers('$1$, $2$ and $3$')).toMatchObject({
      value: { kind: 'set', items: [integer(1), integer(2), integer(3)] },
      string: '1 and 2 and 3',
    });
    expect(parseIntegers('$1$, $?$ and $3$')).toMatchObject({ value: integer(1), string: '1' });
  });

  it('takes a percent sign behind for a hundredth, but none behind a relation', () => {
    expect(parse('$28$ percent').value).toEqual({ kind: 'percent', value: integer(28) });
    expect(parse('28 %').value).toEqual({ kind: 'percent', value: integer(28) });
    expect(parse('$x=1$ percent', { matchTypes: ['latex'] })).toMatchObject({ string: 'x=1' });
    expect(parse('$x=1$ percent', { matchTypes: ['latex'] }).value).toBeUndefined();
  });

  it.each([
    ['007', integer(7), '7'],
    ['0', integer(0), '0'],
    ['1,234', integer(1234), '1234'],
    ['0,5', { kind: 'number', value: { n: 1n, d: 2n }, significant: 1 }, '0.5'],
    ['-3.50', { kind: 'number', value: { n: -7n, d: 2n }, significant: 3 }, '-3.50'],
  ])('reads the number %s', (text, value, string) => {
    expect(parse(text, { matchTypes: ['expr'] })).toMatchObject({ value, string });
  });

  it.each(['-007', '12 and ５'])('finds nothing in %s, over which Math-Verify fails', (text) => {
    expect(parse(text, { matchTypes: ['expr'] })).toEqual({});
  });

  it('reads a letter in lower case', () => {
    expect(parse('Answer: B', { matchTypes: ['string'] })).toMatchObject({
      value: { kind: 'text', text: 'b' },
      string: 'B',
    });
  });

  it('marks the content of a box as the place', () => {
    const text = 'so \\boxed{ 7 }.';
    const { valueSpan } = parse(text);
    expect(text.slice(valueSpan?.start, valueSpan?.end)).toBe(' 7 ');
  });
});
