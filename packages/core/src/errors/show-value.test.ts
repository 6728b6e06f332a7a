import { expect, it } from 'vitest';
import { errorText, showValue } from './show-value.js';

it.each<[unknown, string]>([
  [new Error('a'), 'a'],
  ['text', 'text'],
  [undefined, 'nothing'],
  [Symbol('s'), 'Symbol(s)'],
  [Object.create(null), '{}'],
  [Object.assign(new Error('a'), { message: 5 }), 'an instance of Error'],
  [new Proxy({}, { getPrototypeOf: () => assertNever() }), 'something that cannot be shown'],
])('shows whatever is thrown: %#', (thrown, text) => {
  expect(errorText(thrown)).toBe(text);
});

it('shows values without running code of theirs', () => {
  expect(showValue({ toJSON: () => assertNever() })).toBe('an object that has no JSON');
});

function assertNever(): never {
  throw new Error('hostile');
}
