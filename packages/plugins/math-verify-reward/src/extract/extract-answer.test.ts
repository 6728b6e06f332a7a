import { describe, expect, it } from 'vitest';
import { extractAnswer } from './extract-answer.js';
import type { AnswerSource } from '../result.js';

/** Text, source of the first entry, its parts, and the entries after it if any. */
type Row = readonly [
  text: string,
  source: AnswerSource,
  parts: readonly string[],
  ...rest: (readonly string[])[],
];

function check(role: 'gold' | 'prediction', rows: readonly Row[]): void {
  for (const [text, source, ...readings] of rows) {
    it(JSON.stringify(text), () => {
      const found = extractAnswer(text, role);
      expect(found.map(({ parts }) => parts)).toEqual(readings);
      expect(found[0]?.source).toBe(source);
    });
  }
}

describe('an announcement that denies or asks', () => {
  check('prediction', [
    ['The answer is not 12. It is 13.', 'plain', ['13']],
    ['Hence, the answer is not $5$ but $6$.', 'formula', ['6']],
    ['Hence the answer is 12, not 13.', 'announcement', ['12']],
    ['The answer is not defined.', 'plain', ['not defined']],
    ['Hmm, the answer is 5. Wait, is the answer 6? Let me', 'announcement', ['5']],
  ]);
});

describe('a box of a completion', () => {
  check('prediction', [
    ['So $x = \\boxed{5}$.', 'box', ['5']],
    ['\\fbox{5} and nothing else', 'box', ['5']],
    ['or $\\framebox{204}$ minutes', 'box', ['204']],
    ['\\boxed 42.', 'box', ['42']],
    ['\\boxed\\frac12 of it', 'box', ['\\frac12']],
    ['\\boxed\\frac{\\sqrt{2}}{2}', 'box', ['\\frac{\\sqrt{2}}{2}']],
    ['\\boxed{\\frac{1}{2}}', 'box', ['\\frac{1}{2}']],
    ['\\boxed{ \\{1, 2\\} }', 'box', ['\\{1, 2\\}']],
    ['\\boxed{\\text{set } \\}', 'box', ['\\text{set } \\}']],
    ['\\\\boxed{\\\\frac{1}{2}}', 'box', ['\\frac{1}{2}']],
    [
      '\\boxed{\\begin{pmatrix} 1 \\\\ 2 \\end{pmatrix}}',
      'box',
      ['\\begin{pmatrix} 1 \\\\ 2 \\end{pmatrix}'],
    ],
    ['\\begin{align*} x &= 2 + 3 \\\\ &= \\boxed{5}. \\end{align*}', 'box', ['5']],
    // Unclosed: honoured where it is the last one.
    ['so $\\boxed{7$. Done', 'box', ['7']],
    ['so \\boxed{\\frac{1}{2}', 'box', ['\\frac{1}{2}']],
    ['\\boxed{7 is wrong, so \\boxed{8}', 'box', ['8']],
    ['\\boxed{7} is wrong, so we take \\boxed{8', 'box', ['8']],
    // Placeholders and words are no answers.
    ['I put it into \\boxed{}: \\boxed{5}. There it is, in \\boxed{}.', 'box', ['5']],
    ['The answer goes in a \\boxed form, and is 5.', 'plain', ['5']],
    // A box stands alone, whatever is announced after it.
    ['\\boxed{7}\n\nThe answer is 8.', 'box', ['7']],
  ]);
});

describe('a thought', () => {
  check('prediction', [
    ['<think>\\boxed{3}</think>The answer is 4.', 'announcement', ['4']],
    ['perhaps \\boxed{3}\n</think>\n\n4', 'whole', ['4']],
    ['<think>so it is \\boxed{3}</think>\n', 'box', ['3']],
    ['<think>a</think>\\boxed{1}<think>b</think>\\boxed{2}', 'box', ['2']],
    ['<think>still thinking: \\boxed{3}', 'box', ['3']],
    ['\\boxed{3}[/THINK]\\boxed{4}', 'box', ['4']],
    [
      '<|begin_of_thought|>\\boxed{3}<|end_of_thought|>\n<|begin_of_solution|>\\boxed{4}<|end_of_solution|>',
      'box',
      ['4'],
    ],
    ['<reasoning>\\boxed{3}</reasoning>\n<answer>4</answer>', 'marker', ['4']],
    // What follows the turn is not the completion's.
    ['\\boxed{4}<|im_end|>\n<|im_start|>user\n\\boxed{5}', 'box', ['4']],
    ['4</s>5</s>', 'whole', ['4']],
    ['<|im_start|>assistant\n4<|im_end|>', 'whole', ['4']],
    ['4<｜end▁of▁sentence｜>', 'whole', ['4']],
  ]);
});

describe('a marked answer', () => {
  check('prediction', [
    ['2 + 3 = 5 eggs\n#### 1,234', 'marker', ['1,234']],
    ['#### Step 3: add\nso\n#### 18\n', 'marker', ['18']],
    ['#### 1. Setup\nLet us see.\nThe answer is 5.', 'announcement', ['5']],
    ['so <answer> (B) </answer>', 'marker', ['(B)']],
    ['<answer>$1$ and $2$</answer>', 'marker', ['1', '2']],
    ['<answer>The answer is 5.</answer>', 'marker', ['5']],
    ['<answer>1</answer> no, <answer>2</answer>', 'marker', ['2']],
    ['{"reason": "sum", "answer": "\\\\frac{1}{2}"}', 'marker', ['\\frac{1}{2}']],
    ['{"answer": 5}', 'marker', ['5']],
  ]);
});

describe('an announced answer', () => {
  check('prediction', [
    ['The final answer is 5. I hope it is correct.', 'announcement', ['5']],
    ['Final Answer: The final answer is $12$. I hope it is correct.', 'announcement', ['12']],
    ['**Final Answer**\n\n$12$', 'announcement', ['12']],
    ['## Answer\n\n\\[\nx = 5\n\\]\n', 'announcement', ['x = 5']],
    ['The answer is: **42**', 'announcement', ['42']],
    ['**Answer:** 3/4', 'announcement', ['3/4']],
    ['ANSWER: C', 'announcement', ['C']],
    ['Answer $ 9 $', 'announcement', ['9']],
    ['So the correct option is (B).', 'announcement', ['(B)']],
    ['The correct answer is **(C) 12**.', 'announcement', ['(C) 12']],
    ['The answer is option D.', 'announcement', ['D']],
    ['The answer is 1,234.5.', 'announcement', ['1,234.5']],
    ['The answer is $x = 3.$ I am sure.', 'announcement', ['x = 3']],
    ['The answer is 5 because 2 + 3 = 5.', 'announcement', ['5']],
    ['Answer: 5:30 p.m.', 'announcement', ['5:30 p.m.']],
    ['The answer to the problem is $2^3$.', 'announcement', ['2^3']],
    ['The answers are $x=1$ and $x=2$.', 'announcement', ['x=1', 'x=2']],
    ['The answers are:\n\n- $x=1$\n- $x=2$\n', 'announcement', ['x=1', 'x=2']],
    ['The final answer is the number 12.', 'announcement', ['12']],
    ['The answer is Evelyn.', 'announcement', ['Evelyn']],
    ['Therefore, Evelyn is our answer.', 'announcement', ['Evelyn']],
    ['The answer is $2 \\cdot 3 = 6$.', 'announcement', ['6']],
    ['Final Answer: The volume of $ABC$ is 120.', 'announcement', ['120']],
    ['Final Answer: She began it 3 hours ago.', 'announcement', ['3 hours']],
    // Where the words after the number cannot be read, the number stands.
    ['The answer is 12 distinct sequences.', 'announcement', ['12 distinct sequences'], ['12']],
    [
      'The answer is $\\frac{1}{2}$ (or one half).',
      'announcement',
      ['$\\frac{1}{2}$ (or one half)'],
      ['\\frac{1}{2}'],
    ],
    // Announced once more after a remark about the answer.
    ['The answer is 5. We check: the answer is correct.', 'announcement', ['5']],
    [
      'The answer is 5. Hm, let us count all of them again and take more care. The answer is 6.',
      'announcement',
      ['6'],
    ],
    ['Answer: 1\nAnswer: 2\nAnswer: 3', 'announcement', ['1', '2', '3']],
  ]);
});

describe('a completion without any of these', () => {
  check('prediction', [
    ['So $x=1$ and $x=2$.', 'formula', ['x=1', 'x=2']],
    ['Thus $5 \\times 6 = 30$.', 'formula', ['30']],
    ['The total is $5$ when $x = 2$.', 'formula', ['5']],
    ['Thus\n\\begin{align*}\nx &= 2+3 \\\\\n&= 5.\n\\end{align*}', 'formula', ['5']],
    ['As $d = 3$, there are 12 sequences.', 'plain', ['12']],
    ['Anna pays $7.78 for her fudge.', 'plain', ['$7.78']],
    ['She has $5 and he has $7 in all.', 'plain', ['$7']],
    ['so they total **73**', 'plain', ['73']],
    ['it is **3/4**.', 'plain', ['3/4']],
    ['So x = 3/4.', 'plain', ['x = 3/4']],
    ['The line is 3*x - y + 13 = 0.', 'plain', ['3*x - y + 13 = 0']],
    ['The solutions are 1, 2 and 3.', 'plain', ['1, 2 and 3']],
    ['Therefore, the point is (3, 4).', 'plain', ['(3, 4)']],
    ['which is 1,000.99€', 'plain', ['1,000.99€']],
    ['It is 12 km.', 'plain', ['12 km']],
    ['We get 5 (see step 3).', 'plain', ['5']],
    ['The winner is **Evelyn**.', 'plain', ['Evelyn']],
  ]);

  it.each(['', '  \n', 'Let me think step by step.', 'AZYUK2A', '\\boxed{}'])('%j has no answer', (text) => {
    expect(extractAnswer(text, 'prediction')).toEqual([]);
  });
});

describe('a completion that is nothing but an answer', () => {
  check(
    'prediction',
    [
      'x = 3',
      '\\frac{1}{2}',
      '(1,2)',
      'Evelyn',
      '12 \\text{ m}',
      '3*x - y + 13 = 0',
      'sqrt(2)',
      '-5',
      '$19',
      'x < 2',
    ].map((text): Row => [text, 'whole', [text]]),
  );
  check('prediction', [
    ['$x=1$ or $x=2$', 'whole', ['x=1', 'x=2']],
    ['\\[ \\frac{1}{2} \\]', 'whole', ['\\frac{1}{2}']],
    ['**73**', 'whole', ['73']],
    ['12 apples', 'whole', ['12 apples'], ['12']],
  ]);
});

describe('a gold', () => {
  check('gold', [
    ['{1,2}', 'whole', ['{1,2}']],
    ['7 minutes and 5 seconds', 'whole', ['7 minutes and 5 seconds']],
    ['second (1-2)', 'whole', ['second (1-2)']],
    ['f(x) = 0 \\text{ or } f(x) = x', 'whole', ['f(x) = 0 \\text{ or } f(x) = x']],
    ['$-5 \\le x \\le 1$ or $3 \\le x \\le 9$', 'whole', ['-5 \\le x \\le 1', '3 \\le x \\le 9']],
    ['\\(\\boxed{1}\\) and \\(\\boxed{-2}\\).', 'box', ['1', '-2']],
    ['She sells 9 * 2 = $<<9*2=18>>18.\n#### 18', 'marker', ['18']],
    ['We add.\n\nSo the sum is $2 + 3 = 5$.', 'formula', ['5']],
  ]);
});

it('gives the place of the answer in the text as it was given', () => {
  const text = '<think>no</think> so $\\boxed{ 1 }$ or $\\boxed{23}$.';
  const [found] = extractAnswer(text, 'prediction');
  expect(text.slice(found?.span.start, found?.span.end)).toBe('1 }$ or $\\boxed{23');
});

describe('a turn that the model invented', () => {
  it.each([
    '\n\nHuman: What is 2 + 2?\n\n\\boxed{4}',
    '\n### Instruction\nAnother: \\boxed{4}',
    '<|im_end|>\\boxed{4}',
  ])('does not count: %j', (rest) => {
    expect(extractAnswer(`So it is \\boxed{7}.${rest}`, 'prediction')[0]?.parts).toEqual(['7']);
  });
});

describe('answers on lines of their own', () => {
  it.each<[string, readonly string[]]>([
    ['The solutions are:\n- x = 1\n- x = 2', ['x = 1', 'x = 2']],
    ['We get\n\n* $x = 1$\n* $x = -2$\n', ['x = 1', 'x = -2']],
    ['x = 1\ny = 2', ['x = 1', 'y = 2']],
    ['So there are two values.\n- 3\n- -4', ['3', '-4']],
    // A single bullet, and a sign that is none.
    ['The solution is:\n- x = 5', ['x = 5']],
    ['The value is\n-5', ['-5']],
    // Steps are no answers.
    ['- 3 + 4 = 7\n- 7 * 2 = 14', ['14']],
    ['1. x = 3\n2. y = x + 1 = 4', ['4']],
  ])('%j', (text, parts) => {
    expect(extractAnswer(text, 'prediction')[0]?.parts).toEqual(parts);
  });
});
