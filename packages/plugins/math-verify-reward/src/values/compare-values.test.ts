import { describe, expect, it } from 'vitest';
import { written } from '../../test/notation.js';
import { Budget } from '../budget.js';
import { compareValues, type ValueComparison } from './compare-values.js';

function compare(a: string, b: string): ValueComparison {
  return compareValues(written(a), written(b), new Budget());
}

const EQUAL = [
  ['1/3', '2/6'],
  ['(x+1)^2', 'x^2+2*x+1'],
  ['sqrt(8)', '2*sqrt(2)'],
  ['1/sqrt(2)', 'sqrt(2)/2'],
  ['(tan(y))^2+1', '(sec(y))^2'],
  ['sin(2*x)', '2*sin(x)*cos(x)'],
  ['cos(deg(60))', '1/2'],
  ['(1+sqrt(5))/2', '2*cos(deg(36))'],
  ['phi', '(1+sqrt(5))/2'],
  ['log(8,2)', '3'],
  ['ln(1/2)', '-ln(2)'],
  ['log(100,10)', '2'],
  ['10*sqrt(10.5)/27', '5*sqrt(42)/27'],
  ['sqrt(3+2*sqrt(2))', '1+sqrt(2)'],
  ['root(2,3)*root(4,3)', '2'],
  ['root(16,3)', '2*root(2,3)'],
  ['1/(root(2,3)-1)', '1+root(2,3)+root(4,3)'],
  ['e^(i*pi)', '-1'],
  ['e^(2*i*pi/3)', '-1/2+i*sqrt(3)/2'],
  ['(-8)^(1/3)', '1+i*sqrt(3)'],
  ['root(-8,3)', '-2'],
  ['sqrt(-4)', '2*i'],
  ['(3+4*i)*(1-i)', '7+i'],
  ['1/(1+i)', '(1-i)/2'],
  ['n!/(n-2)!', 'n*(n-1)'],
  ['binomial(n,2)', 'n*(n-1)/2'],
  ['binomial(n,k)', 'n!/(k!*(n-k)!)'],
  ['binomial(n,k)', 'binomial(n,n-k)'],
  ['2^(n+1)', '2*2^n'],
  ['4^n', '2^(2*n)'],
  ['6^n', '2^n*3^n'],
  ['(-1)^n', '(-1)^(n+2)'],
  ['cos(n*pi)', '(-1)^n'],
  ['x^a*x^b', 'x^(a+b)'],
  ['(x^a)^b', 'x^(a*b)'],
  ['e^(x+y)', 'e^x*e^y'],
  ['e^(ln(x))', 'x'],
  ['e^(2*ln(x))', 'x^2'],
  ['sqrt(x^2)', 'abs(x)'],
  ['ln(x^2)', '2*ln(x)'],
  ['sqrt(x)*sqrt(y)', 'sqrt(x*y)'],
  ['ln(x*y)', 'ln(x)+ln(y)'],
  ['abs(x-y)', 'abs(y-x)'],
  ['sinh(x)', '(e^x-e^(-x))/2'],
  ['cosh(x)^2-sinh(x)^2', '1'],
  ['arctan(1)', 'pi/4'],
  ['arcsin(1/2)', 'pi/6'],
  ['arctan(1/2)+arctan(1/3)', 'pi/4'],
  ['4*arctan(1/5)-arctan(1/239)', 'pi/4'],
  ['f(x+x)', 'f(2*x)'],
  ['f(x)+f(y)', 'f(y)+f(x)'],
  ['f(x^2-1)', 'f((x-1)*(x+1))'],
  ['1/0', '1/0'],
  ['9^9^9^9', '9^9^9^9'],
  ['2^100000', '4^50000'],
  ['9^9^9', '3^774840978'],
  ['5000!/4999!', '5000'],
  ['100000!', '99999!*100000'],
  ['sum(k,1,100,k)', '5050'],
  ['sum(k,1,n,k)', 'n*(n+1)/2'],
  ['sum(k,1,n,k^2)', 'n*(n+1)*(2*n+1)/6'],
  ['sum(k,1,1000000000,k)', '500000000500000000'],
  ['sum(k,0,n,2^k)', '2^(n+1)-1'],
  ['sum(k,0,inf,1/2^k)', '2'],
  ['sum(k,0,inf,x^k)', '1/(1-x)'],
  ['sum(k,1,10,1/k)', '7381/2520'],
  ['product(k,1,5,k)', '120'],
  ['product(k,1,n,k)', 'n!'],
  ['sum(k,0,n,binomial(n,k))', '2^n'],
  ['inf', 'inf'],
  ['-2*inf', '-inf'],
  ['50%', '1/2'],
  ['sqrt(2)+sqrt(3)', 'sqrt(5+2*sqrt(6))'],
  ['(x^2-1)/(x-1)', 'x+1'],
  ['(x+1)^200', '(1+x)^200'],
  ['(x+y+z)^40', '(z+x+y)^40'],
  ['(x+y+z+w)^20-(x+y+z+w)^20', '0'],
  [
    '1/(x+1)+1/(x+2)+1/(x+3)+1/(x+4)',
    '((x+2)*(x+3)*(x+4)+(x+1)*(x+3)*(x+4)+(x+1)*(x+2)*(x+4)+(x+1)*(x+2)*(x+3))/((x+1)*(x+2)*(x+3)*(x+4))',
  ],
  ['sqrt(x+1)/(x+1)', '1/sqrt(x+1)'],
  ['sqrt(4*x+4)', '2*sqrt(x+1)'],
  ['1/(sqrt(x+1)-sqrt(x))', 'sqrt(x+1)+sqrt(x)'],
  ['x^(1/3)', 'root(x,3)'],
  ['gamma(1/2)', 'sqrt(pi)'],
  ['gamma(5)', '24'],
  ['floor(7/2)', '3'],
  ['floor(sqrt(10))', '3'],
  ['floor(log(8,2))', '3'],
  ['floor(x)+1', 'floor(x+1)'],
  ['ceil(pi)', '4'],
  ['mod(17,5)', '2'],
  ['gcd(12,18)', '6'],
  ['max(3,pi)', 'pi'],
  ['abs(3+4*i)', '5'],
  ['sin(pi/12)', '(sqrt(6)-sqrt(2))/4'],
  ['cos(x)^4-sin(x)^4', 'cos(2*x)'],
  ['sin(x)^2+cos(x)^2-1', '0'],
  ['arccos(x)+arcsin(x)', 'pi/2'],
  ['sqrt(x-1000)*sqrt(x-1000)', 'x-1000'],
  ['1/(a*b)', 'a^(-1)*b^(-1)'],
  ['e^(i*x)', 'cos(x)+i*sin(x)'],
  ['2*sqrt(-3)', '2*i*sqrt(3)'],
  ['i^i', 'e^(-pi/2)'],
  ['sqrt(i)', '(1+i)/sqrt(2)'],
  ['ln(-1)', 'i*pi'],
  ['3^(1/2)*27^(1/2)', '9'],
  ['(2^(2^(2^(2^2))))', '2^65536'],
  ['x!', 'x*(x-1)!'],
  ['(2*n)!/(n!)^2', 'binomial(2*n,n)'],
  ['u_1+u_2', 'u_2+u_1'],
  ['log(x,2)', 'ln(x)/ln(2)'],
  ['2^(log(5,2))', '5'],
  ['(sqrt(5)-2)^(1/3)', '(sqrt(5)-1)/2'],
  ['sin(5*pi/6)', '1/2'],
  ['cos(7*pi/12)', '(sqrt(2)-sqrt(6))/4'],
  ['sin(-pi/3)', '-sqrt(3)/2'],
  ['sin(7*pi/6)', '-1/2'],
  ['cos(4*pi/5)', '-(1+sqrt(5))/4'],
  ['tan(pi/3)', 'sqrt(3)'],
  ['sin(100*pi/3)', '-sqrt(3)/2'],
  ['cos(deg(40))', 'cos(deg(-320))'],
  ['cos(deg(20))*cos(deg(40))*cos(deg(80))', '1/8'],
] as const;

const DIFFERENT = [
  ['(x+1)^2', 'x^2+2*x+2'],
  ['sqrt(8)', '2*sqrt(3)'],
  ['sin(2*x)', '2*sin(x)'],
  ['sqrt(3+2*sqrt(2))', '1+sqrt(2)+1/10^30'],
  ['root(16,3)', '2*root(2,3)+1/10^30'],
  ['(-8)^(1/3)', '-2'],
  ['n!/(n-2)!', 'n*(n+1)'],
  ['binomial(n,k)', 'binomial(n,k+1)'],
  ['2^(n+1)', '2^n'],
  ['(-1)^n', '(-1)^(n+1)'],
  ['sqrt(x^2)', 'x'],
  ['f(x)', 'f(y)'],
  ['f(x)', 'g(x)'],
  ['9^9^9^9', '9^9^9^8'],
  ['9^9^9^9', '5'],
  ['2003^(2002^2001)', '7'],
  ['2003^(2002^2001)', '2003^(2002^2002)'],
  ['2^100000', '2^100001'],
  ['2^99999999', '4^50000000'],
  ['9^9^9', '3^774840979'],
  ['1/2^99', '1/2^98'],
  ['1/10^7', '2/10^7'],
  ['100!', '100!+1'],
  ['5000!', '5000!+1'],
  ['100000!', '99999!*100001'],
  ['inf', '-inf'],
  ['inf', '5'],
  ['sqrt(2)+sqrt(3)', '3.14626436994197234'],
  ['(x+1)^200', '(1+x)^201'],
  ['sin(10^30)', '0'],
  ['x+10^(-30)', 'x'],
  ['pi', '3.14159265358979323846'],
  ['pi+e', '5.85987448204883847382'],
  ['e^pi-pi', '20'],
  ['e^(pi*sqrt(163))', '262537412640768744'],
  ['12345678910111213141516^(1/2)', '111111110656^2'],
  ['(1+1/10^20)^(10^20)', 'e'],
  ['100000^100000^100000', '1'],
  ['arctan(x)+arctan(1/x)', 'pi/2'],
] as const;

/** Without a value on one side, or out of reach of any precision. */
const UNDECIDED = [
  ['1/0', '5'],
  ['0/0', '1'],
  ['0^0', '1'],
  ['1000000!!', '5'],
  ['((((5!)!)!)!)!', '7'],
  ['sum(k,1,1000000000,1/k)', '20'],
  ['tan(pi/2)', '5'],
  ['tan(pi/2)', '1'],
] as const;

describe('compareValues', () => {
  it.each(EQUAL)('%s equals %s', (a, b) => {
    expect(compare(a, b)).toMatchObject({ same: true });
    expect(compare(b, a)).toMatchObject({ same: true });
  });

  it.each(DIFFERENT)('%s is not %s', (a, b) => {
    expect(compare(a, b)).toMatchObject({ same: false });
    expect(compare(b, a)).toMatchObject({ same: false });
  });

  it.each(UNDECIDED)('leaves %s and %s open', (a, b) => {
    expect(compare(a, b)).toMatchObject({ same: undefined, reason: expect.any(String) });
  });

  it.each([
    ['(x+1)^2', 'x^2+2*x+1', { same: true, by: 'exact' }],
    ['1/sqrt(2)', 'sqrt(2)/2', { same: true, by: 'exact' }],
    ['sqrt(2)', 'sqrt(3)', { same: false, by: 'exact' }],
    ['sin(2*x)', '2*sin(x)*cos(x)', { same: true, by: 'samples' }],
    ['sqrt(3+2*sqrt(2))', '1+sqrt(2)', { same: true, by: 'samples' }],
    ['pi+e', '5.86', { same: false, by: 'bounds' }],
    ['sqrt(x^2)', 'x', { same: false, by: 'samples' }],
  ])('says by what %s and %s were compared', (a, b, verdict) => {
    expect(compare(a, b)).toEqual(verdict);
  });

  it('takes no tuple for a value', () => {
    const tuple = { kind: 'tuple', items: [written('1'), written('2')], open: '(', close: ')' } as const;
    expect(compareValues(tuple, tuple, new Budget())).toMatchObject({ same: undefined });
  });

  it('computes determinants, traces and ranks of matrices of numbers', () => {
    const matrix = (name: 'determinant' | 'trace' | 'rank', rows: readonly string[][]) =>
      ({
        kind: 'call',
        name,
        args: [{ kind: 'matrix', rows: rows.map((row) => row.map(written)) }],
      }) as const;
    const value = (name: 'determinant' | 'trace' | 'rank', rows: readonly string[][], expected: string) =>
      compareValues(matrix(name, rows), written(expected), new Budget());
    expect(
      value(
        'determinant',
        [
          ['a', 'b'],
          ['c', 'd'],
        ],
        'a*d-b*c',
      ),
    ).toEqual({ same: true, by: 'exact' });
    expect(
      value(
        'determinant',
        [
          ['2', '0', '1'],
          ['1', '3', '2'],
          ['1', '1', '4'],
        ],
        '18',
      ),
    ).toEqual({ same: true, by: 'exact' });
    expect(
      value(
        'trace',
        [
          ['1', '5'],
          ['7', '2'],
        ],
        '3',
      ),
    ).toEqual({ same: true, by: 'exact' });
    expect(
      value(
        'rank',
        [
          ['1', '2'],
          ['2', '4'],
        ],
        '1',
      ),
    ).toEqual({ same: true, by: 'exact' });
    expect(
      value(
        'rank',
        [
          ['1', '2'],
          ['2', '5'],
        ],
        '1',
      ),
    ).toEqual({ same: false, by: 'exact' });
  });

  it('reads numerals in other bases', () => {
    const numeral = (digits: string, base: number) => ({ kind: 'based', digits, base }) as const;
    expect(compareValues(numeral('204', 5), written('54'), new Budget())).toEqual({
      same: true,
      by: 'exact',
    });
    expect(compareValues(numeral('A3', 16), written('163'), new Budget())).toEqual({
      same: true,
      by: 'exact',
    });
    expect(compareValues(numeral('29', 5), written('19'), new Budget())).toMatchObject({ same: undefined });
  });
});
