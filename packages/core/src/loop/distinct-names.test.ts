import { expect, it } from 'vitest';
import { distinctNames } from './distinct-names.js';

it('numbers parts that share an id, in their order', () => {
  const parts = ['format', 'length', 'format', 'format'].map((id) => ({ id }));
  expect(distinctNames(parts)).toEqual(['format', 'length', 'format#2', 'format#3']);
});
