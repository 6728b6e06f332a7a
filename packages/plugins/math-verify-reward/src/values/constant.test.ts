import { describe, expect, it } from 'vitest';
import { written } from '../../test/notation.js';
import { Budget } from '../budget.js';
import { approximate, enclose, freeSymbols, rationalOf, signOfConstant } from './constant.js';
import { middle, radiusMagnitude, ZERO_BALL } from './ball.js';
import { evaluate } from './evaluate.js';
import { complexOf } from './complex-ball.js';

describe('rationalOf', () => {
  it.each([
    ['sqrt(4)', '2/1'],
    ['3!', '6/1'],
    ['binomial(10,3)', '120/1'],
    ['floor(7/2)', '3/1'],
    ['floor(-7/2)', '-4/1'],
    ['floor(sqrt(10))', '3/1'],
    ['ceil(pi)', '4/1'],
    ['log(8,2)', '3/1'],
    ['sum(k,1,10,k)', '55/1'],
    ['sum(k,1,1000000000,k^2)', '333333333833333333500000000/1'],
    ['(sqrt(2)+1)*(sqrt(2)-1)', '1/1'],
    ['sqrt(2)/sqrt(8)', '1/2'],
    ['(1+i)*(1-i)', '2/1'],
    ['cos(deg(60))', '1/2'],
    ['root(-27,3)', '-3/1'],
    ['50%', '1/2'],
    ['(2*pi+2*e)/(pi+e)', '2/1'],
    ['mod(-7,3)', '2/1'],
  ])('%s is %s', (text, expected) => {
    const value = rationalOf(written(text), new Budget());
    expect(value && `${value.n}/${value.d}`).toBe(expected);
  });

  it.each(['sqrt(2)', 'pi', 'x-x', '1/0', 'ln(2)', '9^9^9'])('%s has none', (text) => {
    expect(rationalOf(written(text), new Budget())).toBeUndefined();
  });
});

describe('enclose', () => {
  it.each([
    ['gamma(1/4)', 3.625609908221908],
    ['sqrt(2)+sqrt(3)', 3.1462643699419726],
    ['arccos(1/3)', 1.2309594173407747],
    ['arsinh(2)', 1.4436354751788103],
    ['2^(1/3)', 1.2599210498948732],
    ['sum(k,1,100,1/sqrt(k))', 18.589603824784152],
  ])('%s is about %d', (text, expected) => {
    const value = enclose(written(text), 256, new Budget());
    expect(middle(value?.re ?? { m: 0n, e: 0, r: 0 })).toBeCloseTo(expected, 12);
    expect(radiusMagnitude(value?.re ?? { m: 0n, e: 0, r: 1 })).toBeLessThan(-230);
    expect(approximate(written(text), new Budget())).toBeCloseTo(expected, 12);
  });
});

it("knows Euler's constant", () => {
  const { re } = enclose({ kind: 'constant', name: 'euler-gamma' }, 200, new Budget()) ?? { re: ZERO_BALL };
  const digits = '57721566490153286060651209008240243104215933593992';
  expect(String((re.m * 10n ** 50n) >> BigInt(-re.e))).toBe(digits);
});

describe('signOfConstant', () => {
  it.each([
    ['sqrt(2)+sqrt(3)-sqrt(10)', -1],
    ['355/113-pi', 1],
    ['sqrt(2)*sqrt(3)-sqrt(6)', 0],
    ['i', undefined],
  ])('of %s is %s', (text, sign) => {
    expect(signOfConstant(written(text), new Budget())).toBe(sign);
  });
});

it('freeSymbols leaves out the index of a sum', () => {
  expect([...freeSymbols(written('sum(k,1,n,k*x)+y'))].sort()).toEqual(['n', 'x', 'y']);
});

it('evaluate puts in what symbols are worth', () => {
  const point = new Map([['x', complexOf({ n: 3n, d: 1n }, 128)]]);
  const value = evaluate(written('x^2+1/x'), point, 128, new Budget());
  expect(middle(value?.re ?? { m: 0n, e: 0, r: 0 })).toBeCloseTo(9 + 1 / 3, 14);
});
