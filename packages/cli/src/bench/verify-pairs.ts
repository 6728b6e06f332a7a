/** A gold answer and a completion. */
export interface BenchPair {
  readonly gold: string;
  readonly pred: string;
}

/** Gold answer, an answer equal to it, one that is not: what mathematics datasets ask for, in about their proportions. */
const ANSWERS: readonly (readonly [gold: string, right: string, wrong: string])[] = [
  ['113', '113', '131'],
  ['204', '204', '24'],
  ['18', '18.', '16'],
  ['-7', '-7', '7'],
  ['1,250', '1250', '125'],
  ['3600', '3{,}600', '3000'],
  ['0', '0', '1'],
  ['\\frac{1}{2}', '0.5', '\\frac{1}{3}'],
  ['\\frac{3}{4}', '\\dfrac{3}{4}', '\\frac34\\pi'],
  ['-\\frac{2}{3}', '\\frac{-2}{3}', '\\frac{2}{3}'],
  ['\\frac{7}{12}', '7/12', '0.58'],
  ['2\\frac{1}{4}', '\\frac{9}{4}', '\\frac{1}{2}'],
  ['0.125', '\\frac18', '0.12'],
  ['3.14', '3.14', '\\pi'],
  ['2\\sqrt{3}', '\\sqrt{12}', '3\\sqrt{2}'],
  ['\\frac{\\sqrt{2}}{2}', '\\frac{1}{\\sqrt{2}}', '\\sqrt{2}'],
  ['\\sqrt[3]{2}', '2^{1/3}', '2^{1/2}'],
  ['5\\sqrt{10}', '\\sqrt{250}', '10\\sqrt{5}'],
  ['\\frac{\\pi}{6}', '\\frac{1}{6}\\pi', '\\frac{\\pi}{3}'],
  ['4\\pi', '4 \\pi', '4'],
  ['2^{10}', '1024', '1000'],
  ['6.02e23', '6.02 \\times 10^{23}', '6.02 \\times 10^{22}'],
  ['4.5e-5', '4.5 \\times 10^{-5}', '4.5 \\times 10^{-4}'],
  ['25\\%', '25\\%', '75\\%'],
  ['60^\\circ', '60^{\\circ}', '30^\\circ'],
  ['\\$32.50', '32.50', '32'],
  ['12 \\text{ cm}', '12', '12 \\text{ m}'],
  ['5!', '120', '24'],
  ['\\binom{7}{2}', '21', '42'],
  ['\\log_2 8', '3', '8'],
  ['\\ln 2', '\\ln(2)', '\\log 2'],
  ['3+4i', '4i + 3', '3-4i'],
  ['x^2+2x+1', '(x+1)^2', '(x-1)^2'],
  ['(x-2)(x+3)', 'x^2+x-6', 'x^2-x-6'],
  ['\\frac{x+1}{x-1}', '1+\\frac{2}{x-1}', '\\frac{x-1}{x+1}'],
  ['2n+1', '1+2n', '2n-1'],
  ['y=2x+3', '2x - y + 3 = 0', 'y=3x+2'],
  ['x=5', '5', 'x=-5'],
  ['x<2', '(-\\infty, 2)', 'x\\le 2'],
  ['[1,4)', '1\\le x<4', '(1,4]'],
  ['(-\\infty,-1)\\cup(1,\\infty)', '(-\\infty, -1) \\cup (1, \\infty)', '(-1,1)'],
  ['\\{1,2,3\\}', '\\{3,1,2\\}', '\\{1,2\\}'],
  ['2, -2', '-2, 2', '2'],
  ['1 \\text{ and } 4', '4, 1', '1, 5'],
  ['\\pm 3', '3, -3', '3'],
  ['(3, \\frac{\\pi}{2})', '\\left(3, \\frac{\\pi}{2}\\right)', '(\\frac{\\pi}{2}, 3)'],
  ['(1,-2,4)', '(1, -2, 4)', '(1,2,4)'],
  [
    '\\begin{pmatrix} 1 & 2 \\\\ 0 & 1 \\end{pmatrix}',
    '\\begin{bmatrix}1&2\\\\0&1\\end{bmatrix}',
    '\\begin{pmatrix} 1 & 0 \\\\ 2 & 1 \\end{pmatrix}',
  ],
  ['B', '\\text{(B)}', 'C'],
  ['\\text{Tuesday}', 'Tuesday', 'Friday'],
  ['1010_2', '1010_{2}', '1011_2'],
  ['3:4', '3:4', '4:3'],
];

const STEP =
  'We set up the equation from what is given, $a_1 + 2 a_2 = 14$, and solve it for $a_2$; substituting back shows that both sides agree. ';

/** How completions end: from a bare answer to paragraphs with a think section. */
const STYLES: readonly ((answer: string) => string)[] = [
  (answer) => answer,
  (answer) => `$\\boxed{${answer}}$`,
  (answer) => `${STEP}Therefore the answer is $\\boxed{${answer}}$.`,
  (answer) => `${STEP.repeat(4)}\n\n**Final Answer**\n\n\\[\\boxed{${answer}}\\]`,
  (answer) =>
    `<think>\n${STEP.repeat(12)}\nWait, let me check: $3 \\cdot 4 = 12$. Good.\n</think>\n\nThe result is $\\boxed{${answer}}$.`,
  (answer) => `${STEP.repeat(2)}Final Answer: The final answer is $${answer}$. I hope it is correct.`,
  (answer) => `${STEP}So we get $${answer}$.`,
];

/** Each gold once with a right and once with a wrong answer; the same pairs in every run and for every verifier. */
export const benchPairs: readonly BenchPair[] = ANSWERS.flatMap(([gold, right, wrong], i) =>
  [right, wrong].map((answer, j) => ({
    gold,
    pred: (STYLES[(i + 3 * j) % STYLES.length] as (answer: string) => string)(answer),
  })),
);

/** A completion of 4,000 characters that ends in a boxed integer. */
export function longCompletion(answer: number): string {
  const end = `Therefore the answer is $\\boxed{${String(answer)}}$.`;
  const start = '<think>\n';
  const middle = '\n</think>\n\n';
  const room = 4000 - start.length - middle.length - end.length;
  return `${start}${STEP.repeat(Math.ceil(room / STEP.length)).slice(0, room)}${middle}${end}`;
}
