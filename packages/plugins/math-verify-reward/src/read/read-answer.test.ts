import { describe, expect, it } from 'vitest';
import { showExpression } from '../answer/show.js';
import { Budget, BudgetExhausted } from '../budget.js';
import { readAnswer } from './read-answer.js';

/** What was written, then its readings, the likeliest first. */
type Row = readonly [written: string, ...readings: string[]];

const READINGS: Readonly<Record<string, readonly Row[]>> = {
  wrapping: [
    ['\\boxed{\\frac{1}{2}}', '1/2'],
    ['\\boxed{\\boxed{5}}', '5'],
    ['\\boxed{7', '7'],
    ['$\\boxed{\\text{(C)}}.$', '(C)'],
    ['**73**', '73'],
    ['**x = 3/4**', 'x = 3/4'],
    ['\\( x = 3 \\)', 'x = 3'],
    ['\\[ x = 3 \\]', 'x = 3'],
    ['$5$ and $7$', '5, 7'],
    ['\\displaystyle\\left(\\frac{1}{2}\\right)', '1/2'],
    ['\\\\frac{1}{2}', '1/2'],
    ['the answer is 5', '5'],
    ['The final answer is 12.', '12'],
    ['the number is 12', '12', 'the number is 12'],
    ['= 5', '5'],
    ['x^2=4 \\Rightarrow x=2', 'x = 2'],
    ['12 (units)', '12'],
    ['x = 5 (since x > 0)', 'x = 5'],
    ['5 \\text{ (since } x>0)', '5'],
    ['x = 3, where x is the number of apples', 'x = 3'],
    ['f(x) = x \\text{ for all } x', 'f(x) = x'],
  ],
  numbers: [
    ['007', '7'],
    ['-0.50', '-0.5'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['1,234', '1234', '1, 234'],
    ['0.1(6)', '0.1·6', '1/6'],
    ['0.1(6)x', '0.1·6·x'],
    ['one hundred and twenty-three', '123', 'one hundred, twenty-three'],
    ['two million three hundred thousand', '2300000', 'two million three hundred thousand'],
    ['two thirds', '2/3', 'two thirds'],
    ['one two', 'one two'],
    ['1,000', '1000'],
    ['1,234,567', '1234567', '1, 234, 567'],
    ['1{,}234', '1234'],
    ['1\\,234', '1234'],
    ['11,\\! 111', '11111'],
    ['1 234 567', '1234567'],
    ['3,14', '3, 14', '3.14'],
    ['0,5', '0.5', '0, 5'],
    ['0,111', '0.111', '0, 111'],
    ['1.234,56', '1234.56'],
    ['12 345,67', '12345.67'],
    ['2\\frac12', '5/2'],
    ['2 1/2', '5/2'],
    ['-3\\frac{1}{2}', '-7/2'],
    ['1½', '3/2'],
    ['3e-5', '0.00003', '3·e - 5'],
    ['2E3', '2000'],
    ['24e-32', '0.00000000000000000000000000000024', '24·e - 32'],
    ['1.5 \\times 10^{-3}', '0.0015'],
    ['3 x 10^8', '300000000'],
    ['0.\\overline{3}', '1/3'],
    ['-446.\\overline{2}', '-4016/9'],
    ['0.(3)', '1/3'],
    ['0.333...', '0.333'],
    ['11^{\\text{th}}', '11'],
    ['2nd', '2'],
    ['5 million', '5000000'],
    ['four', '4', 'four'],
    ['twenty-one', '21', 'twenty-one'],
  ],
  'fractions, roots and powers': [
    ['\\frac12', '1/2'],
    ['\\frac1{2}', '1/2'],
    ['\\frac{270}7', '270/7'],
    ['\\frac123', '1/2·3'],
    ['\\dfrac{-33}{2}', '-33/2'],
    ['{a \\over b}', 'a·b^(-1)'],
    ['7/16', '7/16'],
    ['a/b/c', 'a·b^(-1)·c^(-1)'],
    ['1/2x', '1/2·x', '(2·x)^(-1)'],
    ['\\sqrt2', '2^(1/2)'],
    ['\\sqrt12', '1^(1/2)·2'],
    ['\\sqrt[3]{2}', '2^(1/3)'],
    ['2√3', '2·3^(1/2)'],
    ['∛5', '5^(1/3)'],
    ['√117', '117^(1/2)'],
    ['sqrt(2)/2', '2^(1/2)·1/2'],
    ['\\frac{\\sqrt[8]{2}}{\\sqrt{5}}', '2^(1/8)·(5^(1/2))^(-1)'],
    ['x²', 'x^2'],
    ['10⁻³', '10^(-3)'],
    ['x**2', 'x^2'],
    ['x^10', 'x^10'],
    ['2^-3', '2^(-3)'],
    ['2^{3^4}', '2^(3^4)'],
    ['2^3^2', '2^(3^2)'],
    ['8^(2/3)', '8^(2/3)'],
    ['-x^2', '(-1)·x^2'],
    ['e^{-2x}', 'e^((-1)·2·x)'],
  ],
  functions: [
    ['\\log_2 8', 'log(8, 2)'],
    ['\\log_28', 'log(8, 2)'],
    ['\\log x', 'log(x, 10)'],
    ['log2(8)', 'log(8, 2)'],
    ['\\ln 2 + i\\pi/3', 'ln(2) + i·π·1/3'],
    ['\\ln^{3}(2)', 'ln(2)^3'],
    ['\\sin^2 x', 'sin(x)^2'],
    ['\\tan^{-1} 2', 'arctan(2)'],
    ['sin^-1(1/2)', 'arcsin(1/2)'],
    ['\\sin 2x \\cos x', 'sin(2·x)·cos(x)'],
    ['\\sin x \\cdot y', 'sin(x)·y'],
    ['\\sin x / x', 'sin(x)·x^(-1)'],
    ['\\sin \\pi/3', 'sin(π·1/3)'],
    ['\\sin(x)^2', 'sin(x)^2'],
    ['\\cos 60^\\circ', 'cos(60°)'],
    ['\\exp{a*t}', 'exp(a·t)'],
    ['np.arcsin(10/13)', 'arcsin(10/13)'],
    ['|x-1|', 'abs(x - 1)'],
    ['||x|-1|', 'abs(abs(x) - 1)'],
    ['\\left|a\\right|\\left|b\\right|', 'abs(a)·abs(b)'],
    ['\\|v\\|', 'norm(v)'],
    ['\\lfloor n/2 \\rfloor+1', 'floor(n·1/2) + 1'],
    ['5!', 'factorial(5)'],
    ['(n+1)!!', 'double-factorial(n + 1)'],
    ['\\binom{5}{2}', 'binomial(5, 2)'],
    ['{n \\choose k}', 'binomial(n, k)'],
    ['C(5,2)', 'C(5, 2)', 'binomial(5, 2)'],
    ['{}^{5}C_{2}', 'binomial(5, 2)'],
    ['^nP_k', 'permutations(n, k)'],
    ['nCr(5, 2)', 'binomial(5, 2)'],
    ['P(5,2)', 'P(5, 2)', 'permutations(5, 2)'],
    ['\\gcd(12, 18)', 'gcd(12, 18)'],
    ['\\max\\{a,b\\}', 'max(a, b)'],
    ['\\sum_{k=1}^{10} k^2', 'sum(k^2, k = 1..10)'],
    ['\\prod_{i=1}^{n} 2i', 'product(2·i, i = 1..n)'],
    ['\\int_0^1 x^2 dx', 'integral[x^2, x, 0, 1]'],
    ['\\lim_{x \\to 0} \\frac{\\sin x}{x}', 'limit[sin(x)·x^(-1), x, 0]'],
    ['\\frac{d^{2} v_{o}}{d t^{2}}', 'derivative[v_o, t, 2]'],
    ['a \\bmod 5', 'mod(a, 5)'],
  ],
  'constants and symbols': [
    ['3+4i', '3 + 4·i'],
    ['2\\pi', '2·π'],
    ['pi/2', 'π·1/2'],
    ['-\\infty', '(-1)·∞'],
    ['\\text{e}', 'e'],
    ['3\\mathrm{i}', '3·i'],
    ['\\left(i+j\\right)/2', '(i + j)·1/2'],
    ['xyz', 'x·y·z'],
    ['2ab + c', '2·a·b + c'],
    ['x_1 + x_{max}', 'x_1 + x_{max}'],
    ['x1 = 3', 'x_1 = 3'],
    ['k2^{k-1}', 'k·2^(k - 1)'],
    ['\\bar{x}', 'bar{x}'],
    ['\\dot{\\theta}(t)', 'dot{theta}(t)'],
    ['\\varphi', 'phi'],
    ['f(x)', 'f(x)'],
    ['f(x+1)', 'f(x + 1)'],
    ['x(x+1)', 'x·(x + 1)'],
    ['u(t) (1-t)', 'u(t)·(1 + (-1)·t)'],
    ['P(A, B)', 'P(A, B)'],
    ["f'(0)", "f'(0)"],
    ['y^{\\prime\\prime}', "y''"],
    ['f^{-1}(x)', 'f^{-1}(x)'],
    ['\\angle ABC', 'angle ABC'],
    ['A_{\\text{red}}', 'A_{red}'],
  ],
  relations: [
    ['x<2', 'x < 2'],
    ['-2 \\le x \\leq 7', '-2 ≤ x ≤ 7'],
    ['x \\geqslant 5', 'x ≥ 5'],
    ['x >= 5', 'x ≥ 5'],
    ['x != 3', 'x ≠ 3'],
    ['x ≠ 3', 'x ≠ 3'],
    ['x = y = 2', 'x = y = 2'],
    ['x \\approx 1.23', 'x ≈ 1.23'],
    ['x \\not\\in A', 'x ∉ A'],
    ['n \\equiv 0,2(\\bmod 6)', 'n ≡ 0, 2 (mod 6)'],
    ['m \\equiv 2, 5 \\pmod{12}', 'm ≡ 2, 5 (mod 12)'],
    ['a \\equiv b \\mod{5}', 'a ≡ b (mod 5)'],
    ['P(x) \\equiv 0', 'P(x) = 0'],
    ['3 \\mid n', 'divides(3, n)'],
    ['V_{1}:V_{2}=11:21', 'V_1:V_2 = 11:21'],
    ['\\text{Area} = 12', 'Area = 12'],
    ['1 \\pm \\sqrt{19}', '1 ± 19^(1/2)'],
    ['±3', '± 3'],
    ['x=2k\\pi, k \\in \\mathbb{Z}', 'x = 2·k·π, k ∈ ℤ'],
  ],
  collections: [
    ['1,-2', '1, -2'],
    ['(3, \\frac{\\pi}{2})', '(3, π·1/2)'],
    ['(0;-2;6)', '(0, -2, 6)'],
    ['(1,2]', '(1, 2]'],
    ['[0,1[', '[0, 1)'],
    [']0,1[', '(0, 1)'],
    ['(-\\infty, 0]', '((-1)·∞, 0]'],
    ['[2,5]', '[2, 5]'],
    ['(0,1) \\cup (2,3)', '(0, 1) ∪ (2, 3)'],
    ['x \\in [-2,7]', 'x ∈ [-2, 7]'],
    ['x \\in R', 'x ∈ ℝ'],
    ['\\mathbb{R} \\setminus \\{0\\}', 'ℝ \\ {0}'],
    ['\\mathbb{R}^+', '(0, ∞)'],
    ['\\{1,2,3\\}', '{1, 2, 3}'],
    ['{1,2,3}', '{1, 2, 3}'],
    ['\\{100,200,300\\}', '{100, 200, 300}'],
    ['\\{\\}', '∅'],
    ['\\varnothing', '∅'],
    ['\\{x \\mid x > 0\\}', '{x : x > 0}'],
    ['{x | x > 0}', '{x : x > 0}'],
    ['\\{x : x>0\\}', '{x : x > 0}'],
    ['\\langle 1,2 \\rangle', '<1, 2>'],
    ['<1,-2,3>', '<1, -2, 3>'],
    ['\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}', '[[1, 2], [3, 4]]'],
    ['\\left[\\begin{array}{cc}1 & 2 \\\\3 & 4\\end{array}\\right]', '[[1, 2], [3, 4]]'],
    ['\\begin{vmatrix} 1 & 2 \\\\ 3 & 4 \\end{vmatrix}', '|[1, 2], [3, 4]|'],
    ['[[1,2],[3,4]]', '[[1, 2], [3, 4]]'],
    ['1, 2, and 3', '1, 2, 3'],
    ['\\begin{aligned} x&=1\\\\ y&=2 \\end{aligned}', 'x = 1, y = 2'],
    ['\\begin{cases} x=1 \\\\ y=2 \\end{cases}', 'x = 1, y = 2'],
    ['x = 2, y = 3, so the point is (2, 3).', 'x = 2, y = 3'],
    ['x=1 \\text{ or } x=2', 'x = 1, x = 2'],
    ['W(x)=1orW(x)=-1', 'W(x) = 1, W(x) = -1'],
    ['p=5,q=2;p=7,q=2', 'p = 5, q = 2, p = 7, q = 2'],
    ['$x \\le -2$ or $x \\ge 3$', 'x ≤ -2, x ≥ 3'],
    ['1, 2, \\ldots, 2008', '1, 2, ..., 2008'],
    ['a_{37} = 19, \\quad a_3 = 2', 'a_{37} = 19, a_3 = 2'],
  ],
  quantities: [
    ['$1,000.99', '1000.99 $'],
    ['1,000.99$', '1000.99 $'],
    ['\\$32,\\!348', '32348 $'],
    ['£5', '5 £'],
    ['5,50 €', '5.5 €'],
    ['USD 5', '5 $'],
    ['$5 and $7', '5 $, 7 $'],
    ['5 dollars', '5 dollars'],
    ['3.5 billion dollars', '3500000000 dollars'],
    ['12 m', '12 m', '12·m'],
    ['12m', '12·m', '12 m'],
    ['12\\text{ m}', '12 m'],
    ['2x', '2·x'],
    ['\\frac{37}{4} m', '37/4 m', '37/4·m'],
    ['12\\text{ cm}^2', '12 cm^2'],
    ['15\\mbox{ cm}^2', '15 cm^2'],
    ['150 cm³', '150 cm^3', '150·c·m^3'],
    ['9.8 \\mathrm{~m} / \\mathrm{s}^{2}', '9.8 m·s^-2'],
    ['5 \\text{ m}\\cdot\\text{s}^{-2}', '5 m·s^-2'],
    ['60 miles per hour', '60 miles·hour^-1'],
    ['\\$18 per hour', '18 $·hour^-1', '18 $'],
    ['$5/hour', '5 $·hour^-1'],
    ['5 cm \\times 3 cm', '5 cm·3 cm', '5·c·m·3·c·m'],
    ['16 square feet', '16 feet^2'],
    ['20 square units', '20 units^2'],
    ['245 yd.', '245 yd', '245·y·d'],
    ['18+2\\pi \\text{ cm}', '(18 + 2·π) cm'],
    ['42 apples', '42 apples'],
    ['3/4 of the cake', '3/4'],
    ['7 minutes and 5 seconds', '425 seconds'],
    ['5\\text{ cm} \\times 3\\text{ cm}', '5 cm·3 cm'],
    ['70\\%', '70%'],
    ['28 percent', '28%'],
    ['33\\frac{1}{3}\\%', '100/3%'],
    ['60^\\circ', '60°'],
    ['60 degrees', '60°'],
    ["60^\\circ 30'", '121/2°'],
    ['22\\frac{1}{2}^{\\circ}', '45/2°'],
    ['25^{\\circ} \\mathrm{C}', '25 °C'],
  ],
  'bases, times and ratios': [
    ['204_5', '204 in base 5'],
    ['1010_{\\text{two}}', '1010 in base 2'],
    ['\\text{A3}_{16}', 'A3 in base 16'],
    ['204 base 5', '204 in base 5'],
    ['53_4', '53_4'],
    ['11:21', '11:21'],
    ['1: \\sqrt{3}', '1:3^(1/2)'],
    ['3 \\text{ to } 5', '3:5'],
    ['3 out of 5', '3/5'],
    ['10:30 am', '10:30 am'],
    ['4\\!:\\!51\\!:\\!06 \\text{ p.m.}', '4:51:6 pm'],
    ['5:05(PM)', '5:5 pm'],
    ['7: 23 and 7: 53', '7:23, 7:53'],
  ],
  'choices and words': [
    ['C', '(C)', 'C'],
    ['(C)', '(C)'],
    ['\\text{(C)}', '(C)'],
    ['\\textbf{(C)}\\ 12', '(C) 12'],
    ['C) 12', '(C) 12'],
    ['Option C', '(C)'],
    ['\\text{A,C}', '(A), (C)', 'A, C'],
    ['(b)', 'b', '(B)'],
    ['b)', 'b', '(B)'],
    ['K', 'K'],
    ['\\text{Evelyn}', 'Evelyn'],
    ['Evelyn', 'Evelyn'],
    ['\\text{odd function}', 'odd function'],
    ['it is a square', 'it is a square'],
    ['The triangle is isosceles', 'The triangle is isosceles'],
    ['A is greater than B', 'A is greater than B'],
    ['second (1-2)', 'second (1-2)'],
    ['red and blue', 'red, blue'],
    ['no solution', 'no solution', '∅'],
    ['all real numbers', 'all real numbers', 'ℝ'],
    ['N/A', 'N/A'],
  ],
};

function read(text: string): readonly string[] {
  const outcome = readAnswer(text, new Budget());
  return 'readings' in outcome ? outcome.readings.map(showExpression) : [outcome.unreadable];
}

describe.each(Object.entries(READINGS))('readAnswer: %s', (_, rows) => {
  it.each(rows.map(([written, ...readings]) => [written, readings] as const))('%s', (written, readings) => {
    expect(read(written)).toEqual(readings);
  });
});

describe('readAnswer', () => {
  it.each([
    ['0.0833', 3],
    ['1.50', 3],
    ['.0000672', 3],
    ['1,000.99', 6],
    ['2.5e-3', 2],
    ['3e-5', 1],
    ['1.50 \\times 10^{4}', 3],
    ['-0.5', 1],
    ['5', undefined],
    ['\\frac{1}{2}', undefined],
    ['0.\\overline{3}', undefined],
    ['4 \\times 10^{9}', undefined],
  ])('counts the significant digits of %s', (written, significant) => {
    const outcome = readAnswer(written, new Budget());
    const [reading] = 'readings' in outcome ? outcome.readings : [];
    expect(reading).toMatchObject({ kind: 'number' });
    expect(reading?.kind === 'number' ? reading.significant : undefined).toBe(significant);
  });

  it.each([
    ['x<1 or x>3', 'or'],
    ['x>1 and x<3', 'and'],
    ['1, 2', undefined],
  ])('keeps the word between the items of %s', (written, joined) => {
    const outcome = readAnswer(written, new Budget());
    expect('readings' in outcome && outcome.readings[0]).toMatchObject(
      joined === undefined ? { kind: 'list' } : { joined },
    );
  });

  it('tells an interval by what stands around it', () => {
    const kind = (text: string) => {
      const outcome = readAnswer(text, new Budget());
      return 'readings' in outcome ? outcome.readings[0]?.kind : undefined;
    };
    expect([kind('(1,2)'), kind('[1,2]'), kind('(1,2]'), kind('(1,\\infty)')]).toEqual([
      'tuple',
      'tuple',
      'interval',
      'interval',
    ]);
  });

  it.each([
    ['', 'an empty answer'],
    ['$$', 'an empty answer'],
    ['3 +', 'the end at character 4, where a value was expected'],
    ['\\frac{1}{)}', '")" at character 10, where a value was expected'],
    ['(1,2', undefined],
  ])('says what it cannot read in %j, and closes what was cut off', (written, unreadable) => {
    const outcome = readAnswer(written, new Budget());
    expect('unreadable' in outcome ? outcome.unreadable : undefined).toBe(unreadable);
  });

  it.each([
    ['brackets', '('.repeat(20_000), 'nesting'],
    ['groups', '{'.repeat(20_000), 'nesting'],
    ['fractions', '\\frac{'.repeat(5_000), 'nesting'],
    ['exponents', 'x^'.repeat(10_000), 'nesting'],
    ['functions', '\\sin'.repeat(5_000), 'nesting'],
    ['bars', '|'.repeat(20_000), 'nesting'],
    ['digits', '9'.repeat(30_000), 'bits'],
    ['tokens', '1+'.repeat(100_000), 'steps'],
    ['text', '\\text{a}'.repeat(200_000), 'steps'],
    ['letters with names among them', 'aπ'.repeat(200_000), 'steps'],
    ['factorials', `5${'!'.repeat(1000)}`, 'nesting'],
    ['plus-minus', `1${'±1'.repeat(1000)}`, 'nesting'],
    ['amounts', `${'£'.repeat(1000)}5`, 'nesting'],
    ['multipliers', `5${' million'.repeat(1000)}`, 'nesting'],
    ['remainders', `5${' mod 3'.repeat(1000)}`, 'nesting'],
    ['set operations', `A${'\\cup B\\cap C'.repeat(1000)}`, 'nesting'],
    ['differences of sets', `\\emptyset${'-\\emptyset'.repeat(1000)}`, 'nesting'],
  ])('ends with the budget on endless %s', (_, written, limit) => {
    expect(() => readAnswer(written, new Budget())).toThrow(expect.objectContaining({ limit }));
  });

  it.each([
    '5 constructor units',
    '\\constructor(x)',
    '\\sqrt{\\text{constructor} 5}',
    'constructor',
    '5_{constructor}',
  ])('takes no word for an entry of its tables: %s', (written) => {
    expect(() => read(written)).not.toThrow();
  });

  it('leaves powers of ten unwritten that are too large to write out', () => {
    expect(read('1e999999999')).toEqual(['1·10^999999999']);
  });

  it('throws nothing but the end of the budget, whatever the input', () => {
    const pieces = PIECES.split(' ').map((piece) => (piece === 'SPACE' ? ' ' : piece));
    let state = 1;
    const random = (below: number) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    const failures: string[] = [];
    for (let i = 0; i < 20_000; i++) {
      const length = 1 + random(24);
      let written = '';
      for (let k = 0; k < length; k++)
        written += random(8) === 0 ? String.fromCharCode(random(0x10000)) : pieces[random(pieces.length)];
      try {
        const outcome = readAnswer(written, new Budget());
        const count = 'readings' in outcome ? outcome.readings.length : 1;
        if (count < 1 || count > 3) failures.push(written);
      } catch (error) {
        if (!(error instanceof BudgetExhausted)) failures.push(written);
      }
    }
    expect(failures).toEqual([]);
  });
});

const PIECES =
  '\\frac { } ( ) [ ] 1 12 3.5 , . ; : x i e E pi \\pi \\sqrt ^ _ + - * / = < \\le \\pm \\text{ \\mathrm{ and or cm m \\% % $ \\$ | ' +
  "\\| \\{ \\} \\left \\right \\begin{pmatrix} \\end{pmatrix} & \\\\ \\ ! ' \\circ \\sum _{k=1}^{n} \\int \\lim \\log \\sin sin \\cup " +
  '\\in \\mathbb{R} \\mathbb \\infty \\pmod \\equiv \\overline \\not SPACE ~ \\, \\! \\quad ² ₃ ½ √ α where apples f( C mod base \\over ' +
  '\\choose \\mid \\dots ... \\boxed{ \\begin \\end \\frac{d per square ** \\color{ million ft ° \\Rightarrow is e-5 0000';
