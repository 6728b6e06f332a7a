import { describe, expect, it } from 'vitest';
import { DoppioError } from '../errors/doppio-error.js';
import type { Problem } from '../errors/schema-problems.js';
import { assign, parseSetExpression } from './set-expression.js';
import { plainValue, treeOf, type Source } from './tree.js';

const source: Source = { label: '--set', keyed: false, base: '/cwd' };

function set(
  value: unknown,
  ...expressions: readonly string[]
): { value: unknown; problems: readonly string[] } {
  const problems: Problem[] = [];
  let tree = treeOf(value, { ...source, label: 'file' });
  for (const expression of expressions) tree = assign(tree, parseSetExpression(expression), source, problems);
  return { value: plainValue(tree), problems: problems.map(({ text }) => text) };
}

describe('parseSetExpression', () => {
  it.each([
    ['a.b=5', ['a', 'b'], 5],
    ['a.b=true', ['a', 'b'], true],
    ['a.b=text', ['a', 'b'], 'text'],
    ['a.b="5"', ['a', 'b'], '5'],
    ['a.b=', ['a', 'b'], ''],
    ['a.b=x=y', ['a', 'b'], 'x=y'],
    ['rewards[1].weight=0.5', ['rewards', 1, 'weight'], 0.5],
    ['a={"b":[1]}', ['a'], { b: [1] }],
    ['options["q_proj|v.x"]=4', ['options', 'q_proj|v.x'], 4],
    ['options["a=b"].c=d=e', ['options', 'a=b', 'c'], 'd=e'],
  ])('reads %s', (expression, path, value) => {
    expect(parseSetExpression(expression)).toEqual({ path, value });
  });

  it.each(['', 'seed', '=5', '.=5', 'a..b=1', 'a[=1'])('refuses %j', (expression) => {
    expect(() => parseSetExpression(expression)).toThrow(DoppioError);
  });
});

it('says what is wrong with the key where there is a value', () => {
  expect(() => parseSetExpression('rewards[-1].weight=1')).toThrow(
    /key to set cannot be read[^]*count from 0/,
  );
  expect(() => parseSetExpression('seed')).toThrow(/key=value/);
});

describe('assign', () => {
  it('sets, adds and extends', () => {
    expect(
      set({ training: { steps: 1, groupSize: 2 } }, 'training.steps=5', 'training.sampling.topK=3').value,
    ).toEqual({
      training: { steps: 5, groupSize: 2, sampling: { topK: 3 } },
    });
    expect(set({ plugins: ['a'] }, 'plugins.1=b').value).toEqual({ plugins: ['a', 'b'] });
    expect(set({}, 'rewards.0=length').value).toEqual({ rewards: [{ use: 'length' }] });
  });

  it('reaches into a part that was named by its id alone', () => {
    expect(set({ rewards: ['a', 'b'] }, 'rewards.1.weight=2', 'rewards.1.options.x=1').value).toEqual({
      rewards: [{ use: 'a' }, { use: 'b', weight: 2, options: { x: 1 } }],
    });
  });

  it('drops the options of a part that another one replaces, and keeps those of the same', () => {
    const value = { adapter: { use: 'lora', options: { rank: 16 } } };
    expect(set(value, 'adapter=full').value).toEqual({ adapter: { use: 'full' } });
    expect(set(value, 'adapter.use=full').value).toEqual({ adapter: { use: 'full' } });
    expect(set(value, 'adapter=lora').value).toEqual(value);
    expect(set(value, 'adapter.options.rank=8').value).toEqual({
      adapter: { use: 'lora', options: { rank: 8 } },
    });
  });

  it('reports what is in the way and changes nothing', () => {
    expect(set({ rewards: ['a'] }, 'rewards.5.weight=1')).toEqual({
      value: { rewards: [{ use: 'a' }] },
      problems: ['has 1 items; rewards[5] is beyond its end'],
    });
    expect(set({ seed: 1 }, 'seed.x=1').problems).toEqual(['is 1, and has no key to set']);
    expect(set({ plugins: ['a'] }, 'plugins.first=1').problems).toEqual([
      'is a list; name an item as plugins[0]',
    ]);
  });

  it('does not reach a prototype', () => {
    const { value } = set({}, '__proto__.polluted=1', 'constructor.prototype.polluted=1');
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect(Object.keys(value as object)).toEqual(['constructor']);
  });
});
