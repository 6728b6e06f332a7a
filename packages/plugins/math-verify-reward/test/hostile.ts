import type { Random } from './random.js';

const PIECES = [
  ...'0123456789xyabeid',
  ...'+-*/^_=<>()[]{}|,;:.!%$&~\\\'"# \n',
  ...[
    '\\frac',
    '\\dfrac',
    '\\sqrt',
    '\\sqrt[3]',
    '\\boxed{',
    '\\text{',
    '\\left(',
    '\\right)',
    '\\pi',
    '\\infty',
  ],
  ...[
    '\\sin',
    '\\cos',
    '\\log_',
    '\\ln',
    '\\sum_{k=1}^{',
    '\\prod',
    '\\int',
    '\\lim_{x \\to 0}',
    '\\binom',
    '\\pm',
  ],
  ...[
    '\\begin{pmatrix}',
    '\\end{pmatrix}',
    '\\\\',
    '\\cup',
    '\\cap',
    '\\in',
    '\\le',
    '\\neq',
    '\\cdot',
    '\\times',
  ],
  ...[
    '\\{',
    '\\}',
    '\\(',
    '\\)',
    '\\[',
    '\\]',
    '$$',
    '\\circ',
    '\\%',
    '\\$',
    '\\overline{',
    '\\mathbb{R}',
    '\\lfloor',
  ],
  ...[
    'the final answer is ',
    'Answer: ',
    ' and ',
    ' or ',
    'percent',
    ' cm',
    ' am',
    '1e9',
    '10^{',
    '<think>',
    '</think>',
  ],
  ...[
    '####',
    '**',
    '<answer>',
    '</answer>',
    'x=',
    '1,234',
    '0.5',
    '½',
    '√',
    '≤',
    '−',
    '°',
    'é',
    '漢',
    '\u{1f600}',
    '\0',
  ],
] as const;

/** Formulas cut and glued at random: most are wrong in some way. */
export function latexLike(random: Random): string {
  const length = 1 + random.below(24);
  let text = '';
  for (let i = 0; i < length; i++) text += random.pick(PIECES);
  return text;
}

/** Any UTF-16 units, lone surrogates among them; mostly from the first 256. */
export function randomBytes(random: Random): string {
  const length = random.below(60);
  let text = '';
  for (let i = 0; i < length; i++)
    text += String.fromCharCode(random.below(random.chance(0.95) ? 256 : 65536));
  return text;
}

/** Texts that grow with `n`, in which a careless reader goes back and forth. */
export const GROWING: readonly (readonly [string, (n: number) => string])[] = [
  ...[
    '$',
    '\\boxed{',
    '{',
    '}',
    '7',
    '(',
    '\\frac',
    'a,',
    '<think>',
    '</think>',
    '1=',
    '\\left',
    '\\',
    '^',
    '_',
  ].map(repeated),
  ...[
    '-',
    '|',
    '**',
    '####',
    '<answer>',
    'the answer is ',
    '\\begin{pmatrix}',
    '&',
    ' ',
    '\n',
    '1 ',
    '$1$ and ',
    '.',
  ].map(repeated),
  ...[
    '\\boxed{1} ',
    '\\boxed{1}, ',
    '\\text{',
    '!',
    "'",
    '9^',
    '\\sqrt',
    '"answer": ',
    '\\[',
    '\\(',
    '%',
    '[1,',
    '0.',
  ].map(repeated),
  ['nested fractions', (n) => nested('\\frac{1}{', '1', '}', n)],
  ['nested brackets', (n) => nested('(', '1', ')', n)],
  ['nested boxes', (n) => nested('\\boxed{', '1', '}', n)],
  ['nested braces', (n) => nested('{', '1', '}', n)],
  ['nested roots', (n) => nested('\\sqrt{', '2', '}', n)],
  ['prose and a box', (n) => `${'Then we add 3 and 4 to get 7. '.repeat(n / 30)}\\boxed{7}`],
  ['formulas and a box', (n) => `${'So $x^2 = 4$ gives $x = 2$. '.repeat(n / 28)}\\boxed{7}`],
  ['a long sum in a box', (n) => `\\boxed{1${'+1'.repeat(n / 2)}}`],
  ['a long product in a box', (n) => `\\boxed{x${'y'.repeat(n)}}`],
];

function repeated(unit: string): readonly [string, (n: number) => string] {
  return [`${JSON.stringify(unit)} again and again`, (n) => unit.repeat(Math.ceil(n / unit.length))];
}

function nested(open: string, inside: string, close: string, n: number): string {
  const depth = Math.ceil(n / (open.length + close.length));
  return open.repeat(depth) + inside + close.repeat(depth);
}

/** Short, and without end to who evaluates what they say. */
export const EXPENSIVE: readonly string[] = [
  '9^{9^{9^9}}',
  '9^{9^{9^{9^{9^{9}}}}}',
  '9**9**9**9',
  '10^{10^{10}}+1',
  '2^{2^{2^{2^{2^2}}}} - 2^{2^{65536}}',
  '0.1^{9^{9^9}}',
  '\\frac{1}{9^{9^9}}',
  '(9^{9^9})^{-9^{9^9}}',
  '(10^9)!',
  '1000000000!',
  '((((9!)!)!)!)!',
  '9!!!!!!!!!!',
  '\\binom{10^9}{5 \\cdot 10^8}',
  '\\binom{10^{100}}{10^{50}}',
  '\\sum_{k=1}^{10^9} k',
  '\\sum_{k=1}^{10^{100}} \\frac{1}{k}',
  '\\sum_{k=1}^{1000000000} \\sum_{j=1}^{1000000000} \\sin(jk)',
  '\\prod_{k=1}^{10^9} k^k',
  '\\sum_{k=1}^{\\infty} \\frac{1}{k^2}',
  '(x+y+z)^{1000000}',
  '(1+x)^{10^{9}} - (1-x)^{10^9}',
  '1e999999999',
  '1e-999999999',
  '1E1000000000000',
  '10^{-1000000000}',
  '\\sqrt[1000000000]{2}',
  '\\sqrt[10^{100}]{10^{10^{10}}}',
  '\\log_{1.0000000001} 9^{9^9}',
  '\\ln(\\ln(\\ln(10^{10^{100}})))',
  '\\tan(10^{1000})',
  '\\sin(9^{9^9})',
  '\\exp(\\exp(\\exp(\\exp(10))))',
  'e^{e^{e^{e^{e}}}}',
  '\\lfloor 9^{9^9} \\rfloor',
  '\\gcd(9^{99999}, 6^{99999})',
  '2^{10^9} \\bmod 7',
  '0^{0^{0}}',
  '0^{-9^9}',
  '\\frac{0}{0}',
  '\\frac{1}{0}',
  '(-1)^{10^{30}}',
  '(-1)^{\\frac{1}{10^{30}}}',
  'i^{i^{i^{i}}}',
  '\\{1, 2, \\ldots, 10^9\\}',
  '\\begin{vmatrix} 9^{9^9} & 1 \\\\ 1 & 9^{9^9} \\end{vmatrix}',
  '1_{36} + ZZZZZZZZZZZZZZZZZZZZ_{36}',
  '\\pm 1 \\pm 2 \\pm 3 \\pm 4 \\pm 5 \\pm 6 \\pm 7 \\pm 8 \\pm 9 \\pm 10 \\pm 11 \\pm 12 \\pm 13 \\pm 14 \\pm 15 \\pm 16',
  Array.from({ length: 400 }, (_, n) => `x_{${String(n)}}`).join('+'),
  Array.from({ length: 2000 }, (_, n) => `\\sqrt{${String(n)}}`).join(', '),
  Array.from({ length: 60 }, () => '(x+1)(y-1)').join(''),
  `\\begin{pmatrix} ${Array.from({ length: 100 }, () => Array.from({ length: 100 }, () => '\\pi').join(' & ')).join(' \\\\ ')} \\end{pmatrix}`,
];
