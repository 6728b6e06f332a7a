import { describe, expect, it } from 'vitest';
import { formatPath, parsePath, valueAt } from './path.js';

describe('paths', () => {
  it('reads dots and brackets as the same path', () => {
    expect(parsePath('rewards.0.weight')).toEqual(['rewards', 0, 'weight']);
    expect(parsePath('rewards[0].weight')).toEqual(['rewards', 0, 'weight']);
    expect(parsePath('seed')).toEqual(['seed']);
  });

  it.each(['', 'a..b', '.a', 'a.', 'a[', 'a[x]', 'a b', 'a["x]', 'a["\\x"]', 'a[0]b', 'a[-1]'])(
    'refuses %j',
    (text) => {
      expect(parsePath(text)).toBeUndefined();
    },
  );

  it('formats what it reads, and quotes what is no plain word', () => {
    expect(formatPath(['rewards', 1, 'options', 'maxLength'])).toBe('rewards[1].options.maxLength');
    expect(formatPath(['options', 'a b'])).toBe('options["a b"]');
    for (const key of ['a b', 'q_proj|v.x', 'a"b', 'a]', '[', '=', ' '])
      expect(parsePath(formatPath(['options', key, 'c']))).toEqual(['options', key, 'c']);
  });

  it('looks at own properties only', () => {
    expect(valueAt({ a: [{ b: 1 }] }, ['a', 0, 'b'])).toBe(1);
    expect(valueAt({}, ['constructor', 'name'])).toBeUndefined();
    expect(valueAt('text', ['length'])).toBeUndefined();
  });
});
