import type { Span } from '../../result.js';
import type { CompatSettings } from '../settings.js';
import { basicLatex } from './basic-latex.js';
import { boxContents } from './boxes.js';
import { trim } from './characters.js';
import { withBraces } from './malformed-operators.js';
import { withoutUnits } from './units.js';

/** The steps by which LaTeX is made fit for the parser, in their order. */
const STEPS: readonly {
  readonly name: string;
  readonly apply: (text: string) => string;
  /** The setting that switches it off. */
  readonly setting?: 'nits' | 'malformedOperators';
}[] = [
  { name: 'basic LaTeX', apply: basicLatex },
  { name: 'units', apply: withoutUnits },
  { name: 'leading point', apply: (text) => (text.startsWith('.') ? `0${text}` : text), setting: 'nits' },
  { name: 'one half', apply: (text) => (text === '0.5' ? '\\frac{1}{2}' : text), setting: 'nits' },
  { name: 'malformed operators', apply: withBraces, setting: 'malformedOperators' },
];

/** LaTeX of more characters has too many tokens to be converted, and so need not be normalised. */
const LONGEST = 20_000;

/** LaTeX after normalisation, and where in the LaTeX it came from. */
export interface NormalisedLatex {
  readonly latex: string;
  readonly span: Span;
}

export function normaliseLatex(
  latex: string,
  boxes: 'all' | 'last',
  settings: Pick<CompatSettings, 'nits' | 'malformedOperators'>,
): NormalisedLatex {
  const { text, span } = boxContents(latex, boxes);
  if (text.length > LONGEST) return { latex: trim(text), span };
  const steps = STEPS.filter(({ setting }) => setting === undefined || settings[setting]);
  return { latex: trim(steps.reduce((written, step) => step.apply(written), text)), span };
}
