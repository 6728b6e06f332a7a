import type { Gap } from './token.js';

/**
 * LaTeX commands by what the tokenizer makes of them. A command in none of these tables reaches the grammar under its
 * own name; one that the grammar does not know either is taken for a symbol of that name.
 */

/** Commands that are another spelling of a mark. */
export const MARK_COMMANDS: Readonly<Record<string, string>> = {
  cdot: '*',
  times: '*',
  ast: '*',
  star: '*',
  bullet: '*',
  div: '/',
  le: '<=',
  leq: '<=',
  leqslant: '<=',
  leqq: '<=',
  ge: '>=',
  geq: '>=',
  geqslant: '>=',
  geqq: '>=',
  lt: '<',
  gt: '>',
  ne: '!=',
  neq: '!=',
  approx: '~',
  simeq: '~',
  sim: '~',
  cong: '~',
  propto: '~',
  doteq: '=',
  coloneqq: '=',
  equiv: 'congruent',
  in: 'in',
  notin: 'not-in',
  subset: 'subset',
  subseteq: 'subset',
  pm: '+-',
  mp: '-+',
  cup: 'cup',
  bigcup: 'cup',
  cap: 'cap',
  bigcap: 'cap',
  setminus: 'setminus',
  smallsetminus: 'setminus',
  backslash: 'setminus',
  lfloor: 'lfloor',
  rfloor: 'rfloor',
  lceil: 'lceil',
  rceil: 'rceil',
  langle: 'langle',
  rangle: 'rangle',
  lvert: 'lbar',
  rvert: 'rbar',
  lVert: '||',
  rVert: '||',
  Vert: '||',
  vert: '|',
  mid: 'mid',
  lbrace: '\\{',
  rbrace: '\\}',
  lbrack: '[',
  rbrack: ']',
  colon: ':',
  circ: '°',
  degree: '°',
  degrees: '°',
  textdegree: '°',
  prime: "'",
  ldots: '...',
  dots: '...',
  dotsc: '...',
  cdots: '...',
  dotsb: '...',
  to: '->',
  rightarrow: '->',
  longrightarrow: '->',
  mapsto: '->',
  Rightarrow: '=>',
  Longrightarrow: '=>',
  implies: '=>',
  iff: '=>',
  Leftrightarrow: '=>',
  therefore: '=>',
  land: 'and',
  wedge: 'and',
  lor: 'or',
  vee: 'or',
  textdollar: '$',
  dollar: '$',
  pounds: '£',
  euro: '€',
  yen: '¥',
  cent: '¢',
  percent: '%',
  newline: '\\\\',
  cr: '\\\\',
  tabularnewline: '\\\\',
};

/** Commands of one character that is no letter. */
export const MARK_ESCAPES: Readonly<Record<string, string>> = {
  '{': '\\{',
  '}': '\\}',
  '|': '||',
  $: '$',
  '%': '%',
  '&': 'and',
  '#': '#',
  _: '_',
};

export const GAP_COMMANDS: Readonly<Record<string, Gap>> = {
  ',': 'thin',
  ':': 'thin',
  '>': 'thin',
  '/': 'thin',
  thinspace: 'thin',
  ';': 'space',
  ' ': 'space',
  space: 'space',
  medspace: 'space',
  thickspace: 'space',
  enspace: 'space',
  '!': 'tight',
  negthinspace: 'tight',
  quad: 'wide',
  qquad: 'wide',
  '(': 'space',
  ')': 'space',
  '[': 'space',
  ']': 'space',
};

/** Their group is text: letters in it are words. */
export const TEXT_COMMANDS: ReadonlySet<string> = new Set(
  (
    'text textbf textit textrm textsf texttt textsc textnormal textup emph mbox hbox mathrm mathop ' +
    'operatorname rm unit si boldtext'
  ).split(' '),
);

/** Their group means what it would mean without them. */
const TRANSPARENT_COMMANDS: ReadonlySet<string> = new Set(
  (
    'boxed fbox framebox mathbf mathit mathsf mathtt mathcal mathscr mathfrak boldsymbol bm pmb underline ' +
    'underbrace overbrace ensuremath cancel bcancel mathstrut displaylimits mathbin mathrel mathord smash ' +
    'textstyle'
  ).split(' '),
);

/** They change how things look and nothing else. */
const IGNORED_COMMANDS: ReadonlySet<string> = new Set(
  (
    'big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr bigm Bigm displaystyle scriptstyle ' +
    'scriptscriptstyle limits nolimits nonumber notag bf it sf tt cal large Large LARGE huge Huge small ' +
    'normalsize centering hline hfill noindent par strut phantomsection - @'
  ).split(' '),
);

/** Delimiters that grow: a full stop after them is an empty delimiter, a bar has a side. */
const SIDE_COMMANDS: Readonly<Record<string, 'left' | 'right' | 'middle'>> = {
  left: 'left',
  mleft: 'left',
  right: 'right',
  mright: 'right',
  middle: 'middle',
};

/** Dropped together with the group after them. */
const DROPPED_COMMANDS: ReadonlySet<string> = new Set(
  'hspace vspace label tag phantom hphantom vphantom color ref eqref cite footnote kern'.split(' '),
);

/** How many arguments a command takes, where a digit or letter without braces can be one. */
export const ARITY: Readonly<Record<string, number>> = {
  frac: 2,
  dfrac: 2,
  tfrac: 2,
  cfrac: 2,
  sfrac: 2,
  nicefrac: 2,
  binom: 2,
  dbinom: 2,
  tbinom: 2,
  sqrt: 1,
  bar: 1,
  overline: 1,
  hat: 1,
  widehat: 1,
  tilde: 1,
  widetilde: 1,
  vec: 1,
  overrightarrow: 1,
  dot: 1,
  ddot: 1,
  mathring: 1,
  check: 1,
  breve: 1,
  overset: 2,
  underset: 2,
  stackrel: 2,
  textcolor: 2,
  pmod: 1,
};

/** Environments that set lines below each other, their `&` only a place. */
export const ALIGNED_ENVIRONMENTS: ReadonlySet<string> = new Set(
  'aligned align gathered gather split equation eqnarray multline flalign alignat'.split(' '),
);

/** What `\not` makes of the relation after it. */
export const NEGATED: Readonly<Record<string, string>> = {
  '=': '!=',
  in: 'not-in',
  congruent: 'not-congruent',
  subset: 'not-subset',
  '<': '>=',
  '>': '<=',
  '<=': '>',
  '>=': '<',
};

/** What the tokenizer does with a command. */
export type CommandRole =
  | { readonly role: 'mark'; readonly mark: string }
  | { readonly role: 'gap'; readonly gap: Gap }
  | { readonly role: 'side'; readonly side: 'left' | 'right' | 'middle' }
  | { readonly role: 'text' | 'transparent' | 'ignored' | 'dropped' };

/** The tables above in one. */
export const COMMAND_ROLES: ReadonlyMap<string, CommandRole> = new Map<string, CommandRole>([
  ...Object.entries(MARK_COMMANDS).map(([name, mark]) => [name, { role: 'mark', mark }] as const),
  ...Object.entries(GAP_COMMANDS).map(([name, gap]) => [name, { role: 'gap', gap }] as const),
  ...Object.entries(SIDE_COMMANDS).map(([name, side]) => [name, { role: 'side', side }] as const),
  ...[...TEXT_COMMANDS].map((name) => [name, { role: 'text' }] as const),
  ...[...TRANSPARENT_COMMANDS].map((name) => [name, { role: 'transparent' }] as const),
  ...[...IGNORED_COMMANDS].map((name) => [name, { role: 'ignored' }] as const),
  ...[...DROPPED_COMMANDS].map((name) => [name, { role: 'dropped' }] as const),
]);
