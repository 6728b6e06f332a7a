import { describe, expect, it } from 'vitest';
import { nearestName, suggestion } from './nearest-name.js';

describe('nearestName', () => {
  it('finds typing errors, transpositions and other spellings', () => {
    const keys = ['klCoef', 'steps', 'groupSize', 'maxTokens'];
    expect(nearestName('stpes', keys)).toBe('steps');
    expect(nearestName('kl_coef', keys)).toBe('klCoef');
    expect(nearestName('GROUPSIZE', keys)).toBe('groupSize');
    expect(nearestName('maxToken', keys)).toBe('maxTokens');
  });

  it('suggests nothing that merely has the same length', () => {
    expect(nearestName('alpha', ['steps', 'model'])).toBeUndefined();
    expect(nearestName('x', ['y'.repeat(9)])).toBeUndefined();
  });

  it('prefers the first of equally near names, and lists all where none is near', () => {
    expect(nearestName('ab', ['ac', 'ad'])).toBe('ac');
    expect(suggestion('zzzzzz', ['length', 'accuracy'])).toBe('Available: accuracy, length.');
    expect(suggestion('a', [])).toBe('There are none.');
  });
});
