import { CODE, commandEnd, isDigit, isSpace, isWordLetter, skipSpace, wordEnd } from './range.js';
import {
  ANNOUNCERS,
  APPROXIMATIONS,
  CONJUNCTIONS,
  CONSEQUENCES,
  FILLERS,
  HEDGES,
  RETRACTIONS,
} from './words.js';

/** What the text between two neighbouring boxes makes of them. */
export type Gap =
  /** One answer, given in parts. */
  | 'joined'
  /** The second is the first once more, rounded. */
  | 'approximation'
  /** The second is offered in a breath with the first, without a reason: a correction, or another guess. */
  | 'rethought'
  /** Reasoning lies between them. */
  | 'apart';

/** Longest gap, in UTF-16 units, that can be anything but `apart`. */
const LONGEST_GAP = 100;

/** What a gap holds. */
interface Traits {
  conjunction?: boolean;
  hedge?: boolean;
  ordinary?: boolean;
  retraction?: boolean;
  consequence?: boolean;
  approximation?: boolean;
  announcement?: boolean;
  /** The end of a sentence or of a paragraph. */
  stop?: boolean;
  /** An operator or a command that computes: the boxes are members of a formula. */
  formula?: boolean;
}

/** The first row that fits says what the gap is. */
const RULES: readonly (readonly [Gap, (gap: Traits) => boolean])[] = [
  // \boxed{\frac13} \approx \boxed{0.333}
  ['approximation', (g) => g.approximation === true && g.stop !== true && g.hedge !== true],
  // \boxed{3} + \boxed{4} = \boxed{7}
  ['apart', (g) => g.formula === true],
  // \boxed{5}. Wait, that is wrong: \boxed{7}; \boxed{5}, so \boxed{7}; \boxed{5}. The answer is \boxed{7}
  ['rethought', (g) => g.retraction === true || g.consequence === true || g.announcement === true],
  // \boxed{1}. It might also be \boxed{2}
  ['joined', (g) => g.hedge === true],
  // \boxed{1}, \boxed{2}; \boxed{1} \quad \boxed{2}; x = \boxed{1} and y = \boxed{2}; (a) \boxed{1} (b) \boxed{2}
  ['joined', (g) => g.ordinary !== true],
  // \boxed{1} papers and \boxed{2} bins
  ['joined', (g) => g.stop !== true && g.conjunction === true],
  ['rethought', () => true],
];

const WORDS: readonly (readonly [ReadonlySet<string>, keyof Traits])[] = [
  [CONJUNCTIONS, 'conjunction'],
  [HEDGES, 'hedge'],
  [RETRACTIONS, 'retraction'],
  [CONSEQUENCES, 'consequence'],
  [APPROXIMATIONS, 'approximation'],
  [ANNOUNCERS, 'announcement'],
];

/** Commands that write words, move the pen or begin a formula: they say nothing about the boxes. */
const SILENT_COMMANDS: ReadonlySet<string> = new Set([
  ...(
    'text mbox textbf textit mathrm mathbf rm bf left right displaystyle quad qquad hspace vspace ' +
    'newline begin end item hline bullet circ degree cm units'
  ).split(' '),
  ...',;:! \\()[]%$&',
]);

const COMMAND_TRAITS: Readonly<Record<string, keyof Traits>> = {
  approx: 'approximation',
  simeq: 'approximation',
  land: 'conjunction',
  lor: 'conjunction',
  vee: 'conjunction',
  wedge: 'conjunction',
  implies: 'consequence',
  Rightarrow: 'consequence',
  Longrightarrow: 'consequence',
  therefore: 'consequence',
};

const GREEK: ReadonlySet<string> = new Set(
  'alpha beta gamma delta epsilon theta lambda mu phi varphi omega angle rho'.split(' '),
);

export function classifyGap(text: string, start: number, end: number): Gap {
  if (end - start > LONGEST_GAP) return 'apart';
  const traits = readGap(text, start, end);
  for (const [gap, fits] of RULES) if (fits(traits)) return gap;
  return 'apart';
}

function readGap(text: string, start: number, end: number): Traits {
  const traits: Traits = {};
  /** A name stands before: an `=` after it makes a label. */
  let named = false;
  for (let i = start; i < end;) {
    const code = text.charCodeAt(i);
    if (isSpace(code)) {
      const next = skipSpace(text, i, end);
      if (blankLine(text, i, next)) traits.stop ??= i > start;
      i = next;
    } else if (isWordLetter(code)) {
      const next = wordEnd(text, i, end);
      const word = text.slice(i, next).toLowerCase();
      named = next - i <= 2;
      i = next;
      if (!markWord(traits, word) && !named && !FILLERS.has(word)) traits.ordinary = true;
    } else if (code === CODE.backslash) {
      const next = commandEnd(text, i, end);
      const name = text.slice(i + 1, next);
      const trait = COMMAND_TRAITS[name];
      named = GREEK.has(name);
      i = next;
      if (trait !== undefined) traits[trait] = true;
      else if (!named && !SILENT_COMMANDS.has(name)) traits.formula = true;
    } else if (isDigit(code)) {
      // Subscripts, numbers of parts, quantities: none tells a listing from a derivation.
      i++;
    } else {
      i = readMark(text, i, start, end, traits, named);
    }
  }
  return traits;
}

function markWord(traits: Traits, word: string): boolean {
  let known = false;
  for (const [words, trait] of WORDS) {
    if (!words.has(word)) continue;
    traits[trait] = true;
    known = true;
  }
  return known;
}

function blankLine(text: string, start: number, end: number): boolean {
  const first = text.indexOf('\n', start);
  return first >= 0 && first < end && text.slice(first + 1, end).includes('\n');
}

function readMark(
  text: string,
  i: number,
  start: number,
  end: number,
  traits: Traits,
  named: boolean,
): number {
  const c = text[i] ?? '';
  const next = i + 1 < end ? text.charCodeAt(i + 1) : CODE.space;
  if (',;&、，；'.includes(c)) traits.conjunction = true;
  else if ('.?!。'.includes(c)) traits.stop ||= isSpace(next) && i > start;
  else if (c === '≈') traits.approximation = true;
  else if (c === '=') traits.formula ||= !named;
  else if (c === '-' || c === '*' || c === '+') traits.formula ||= isOperator(text, i, start, next);
  else if ('/^<>×·÷±≤≥'.includes(c)) traits.formula = true;
  return i + 1;
}

/** A minus, star or plus computes where it stands alone inside a line; at the start of a line it is a bullet. */
function isOperator(text: string, i: number, start: number, next: number): boolean {
  if (!isSpace(next) && next !== CODE.dollar) return false;
  let before = i - 1;
  while (before >= start && text.charCodeAt(before) === CODE.space) before--;
  return (
    !(before >= start && text.charCodeAt(before) === CODE.newline) &&
    text[before] !== '*' &&
    text[i + 1] !== '*'
  );
}
