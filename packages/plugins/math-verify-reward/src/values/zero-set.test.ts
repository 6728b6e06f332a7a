import { describe, expect, it } from 'vitest';
import { written } from '../../test/notation.js';
import { Budget } from '../budget.js';
import { proportional } from './zero-set.js';

describe('proportional', () => {
  it.each([
    ['2*x-4', 'x-2', 1, 'exact'],
    ['4-2*x', 'x-2', -1, 'exact'],
    ['sqrt(2)*x-2', 'x-sqrt(2)', 1, 'exact'],
    ['y-2*x-1', '2*x-y+1', -1, 'exact'],
    ['pi*x-1', 'x-1/pi', 1, 'exact'],
    ['(x-1)/2+(y-2)/3', '3*x+2*y-7', 1, 'exact'],
    ['sqrt(x+1)-2', '2-sqrt(1+x)', -1, 'exact'],
    ['e^x-3', '6-2*e^x', -1, 'exact'],
    // The sign of a denominator is not known.
    ['x-1/x', 'x^2-1', undefined, 'exact'],
    ['tan(x)-1', 'sin(x)-cos(x)', undefined, 'exact'],
    ['i*x-1', 'x+i', undefined, 'exact'],
    ['sin(2*x)-1', '2*sin(x)*cos(x)-1', undefined, 'samples'],
  ])('%s = 0 says the same as %s = 0', (a, b, sign, by) => {
    expect(proportional(written(a), written(b), new Budget())).toEqual({ same: true, sign, by });
  });

  it.each([
    ['x-2', 'x-3'],
    ['x^2', 'x'],
    ['0', 'x'],
    ['x^2+y^2-25', 'x^2+y^2-24'],
    ['sin(x)-1', 'cos(x)-1'],
    ['a*x-a*b', 'x-b'],
    ['1', 'x'],
  ])('%s = 0 says something else than %s = 0', (a, b) => {
    expect(proportional(written(a), written(b), new Budget())).toEqual({ same: false });
    expect(proportional(written(b), written(a), new Budget())).toEqual({ same: false });
  });
});
