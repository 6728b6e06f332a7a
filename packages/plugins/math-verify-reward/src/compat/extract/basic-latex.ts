import { isAsciiDigit, isLetter } from './characters.js';
import {
  condition,
  maybe,
  notAfter,
  rewriter,
  space,
  spaces,
  wordBoundary,
  type Rewriting,
} from './rewriting.js';

const notAfterLetter = condition((text, position) => !isLetter(text.charCodeAt(position - 1)));
const notBeforeLetter = condition((text, position) => !isLetter(text.charCodeAt(position)));
const notInInfinity = condition((text, position) => !text.startsWith('inity', position));

/** Upright letters and matrices in scalable brackets. */
const NOTATION: readonly Rewriting[] = [
  { name: 'transpose', pattern: ['\\mathrm{T}'], to: 'T' },
  { name: 'differential', pattern: [['\\mathrm{d}', '{\\rm d}']], to: 'd' },
  { name: 'matrix opened by a bracket', pattern: ['\\left[\\begin{matrix}'], to: '\\begin{bmatrix}' },
  { name: 'matrix closed by a bracket', pattern: ['\\end{matrix}\\right]'], to: '\\end{bmatrix}' },
];

/** Delimiters after `\left` and `\right`; those not named here keep the command. */
const LEFT_DELIMITERS = [
  ...['\\{', '{', '\\|', '|', '[', '('],
  ...['\\lbrace', '\\lbrack', '\\rbracl', '\\lgroup', '\\vert', '\\lvert', '\\lceil', '\\lfloor', '\\langle'],
  ...['\\llcorner', '\\ulcorner'],
];
const RIGHT_DELIMITERS = [
  ...['\\}', '}', '\\|', '|', ']', ')'],
  ...['\\rbrace', '\\rbrack', '\\rgroup', '\\vert', '\\rvert', '\\rceil', '\\rfloor', '\\rangle'],
  ...['\\lrcorner', '\\urcorner'],
];

const LEFT: readonly Rewriting[] = [
  {
    name: 'size of an opening delimiter',
    pattern: [['\\left', '\\mleft'], LEFT_DELIMITERS],
    to: (matched) => matched.slice(matched.indexOf('left') + 'left'.length),
  },
];
const RIGHT: readonly Rewriting[] = [
  {
    name: 'size of a closing delimiter',
    pattern: [['\\right', '\\mright'], RIGHT_DELIMITERS],
    to: (matched) => matched.slice(matched.indexOf('right') + 'right'.length),
  },
];

const REMOVED: readonly Rewriting[] = [
  { name: 'ordinal', pattern: ['\\mathrm{th}'], to: '' },
  { name: 'negative space', pattern: ['\\!', spaces], to: '' },
  { name: 'empty text', pattern: ['\\text', spaces, '{', spaces, '}'], to: '' },
  { name: 'dollar', pattern: [['\\$', '$']], to: '' },
  { name: 'quotation mark', pattern: [notAfter('\\'), ['"', "'"]], to: '' },
  { name: 'display style', pattern: ['\\displaystyle'], to: '' },
];

const REPLACED: readonly Rewriting[] = [
  { name: 'font of letters', pattern: ['\\math', ['rm', 'it', 'bf']], to: '\\text' },
  { name: 'font of text', pattern: ['\\text', ['normal', 'bf', 'it', 'rm']], to: '\\text' },
  { name: 'size of a fraction', pattern: ['\\', ['d', 't', 'c'], 'frac'], to: '\\frac' },
  { name: 'zero before a point', pattern: [space, '.'], to: ' 0.' },
  { name: 'zero before a point in braces', pattern: ['{.'], to: '{0.' },
  { name: 'approximation', pattern: ['~='], to: '\\approx' },
  { name: 'comma in braces', pattern: [spaces, '{', spaces, ',', spaces, '}'], to: ',' },
  {
    name: 'conjunction',
    pattern: [notAfterLetter, maybe(','), spaces, ['and', 'or'], notBeforeLetter],
    to: ',',
  },
  {
    name: 'conjunction as text',
    pattern: [maybe(','), spaces, '\\text{', spaces, ['and', 'or'], spaces, '}'],
    to: ',',
  },
  { name: 'control space', pattern: [notAfter('\\'), '\\', space], to: ' ' },
  { name: 'infinity in words', pattern: ['infinity'], to: '\\infty' },
  { name: 'dots', pattern: [maybe(','), '\\ldots'], to: ' ' },
  ...['percentage', 'percent', 'pct'].flatMap((word): Rewriting[] => [
    { name: word, pattern: [spaces, wordBoundary, word, wordBoundary], to: '\\%' },
    { name: `${word} as text`, pattern: [`\\text{${word}}`], to: '%' },
  ]),
  { name: 'infinity, shortened', pattern: [notAfter('\\'), 'inf', notInInfinity], to: '\\infty' },
  { name: 'root without backslash', pattern: [' sqrt'], to: '\\sqrt' },
];

const DOUBLED_BACKSLASHES: readonly Rewriting[] = [
  {
    name: 'command after two backslashes',
    pattern: ['\\\\', condition((text, position) => isLetter(text.charCodeAt(position)))],
    to: '\\',
  },
];

const NOTATION_PASSES = NOTATION.map((rewriting) => rewriter([rewriting]));
const LEFT_PASS = rewriter(LEFT);
const RIGHT_PASS = rewriter(RIGHT);
const REMOVING_PASS = rewriter(REMOVED);
const REPLACING_PASS = rewriter(REPLACED);
const BACKSLASH_PASS = rewriter(DOUBLED_BACKSLASHES);

/** Takes LaTeX to the few spellings that the parser knows: fonts, sizes and styles dropped, words made signs. */
export function basicLatex(text: string): string {
  let latex = NOTATION_PASSES.reduce((written, pass) => pass.rewrite(written), text);
  latex = fallingFactorials(RIGHT_PASS.rewrite(LEFT_PASS.rewrite(latex)));
  latex = REPLACING_PASS.rewrite(REMOVING_PASS.rewrite(latex));
  latex = latex.replaceAll('\n', ' ').replaceAll('\t', ' ');
  return latex.includes('matrix') ? latex : BACKSLASH_PASS.rewrite(latex);
}

/** `(n)_{k}` to n! / (n - k)!. */
function fallingFactorials(text: string): string {
  let out = '';
  let copied = 0;
  for (
    let opening = text.indexOf('(');
    opening >= 0;
    opening = text.indexOf('(', Math.max(opening + 1, copied))
  ) {
    const upperEnd = plainTermEnd(text, opening + 1);
    if (upperEnd === opening + 1 || !text.startsWith(')_{', upperEnd)) continue;
    const lowerStart = upperEnd + ')_{'.length;
    const lowerEnd = plainTermEnd(text, lowerStart);
    if (lowerEnd === lowerStart || text[lowerEnd] !== '}') continue;
    const [n, k] = [text.slice(opening + 1, upperEnd), text.slice(lowerStart, lowerEnd)];
    out += `${text.slice(copied, opening)}\\frac{(${n})!}{((${n})-(${k}))!}`;
    copied = lowerEnd + 1;
  }
  return copied === 0 ? text : out + text.slice(copied);
}

/** End of the letters, digits, signs and spaces at `position`. */
function plainTermEnd(text: string, position: number): number {
  let end = position;
  while (end < text.length) {
    const code = text.charCodeAt(end);
    if (!isLetter(code) && !isAsciiDigit(code) && !'+-*/\\ '.includes(text[end] ?? '')) break;
    end++;
  }
  return end;
}
