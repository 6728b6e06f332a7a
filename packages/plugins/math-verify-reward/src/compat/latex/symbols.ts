import type { Expression } from '../../answer/expression.js';
import { symbol } from '../../answer/build.js';
import { NOT_REAL } from './compat-value.js';

/** Greek characters by the name of their command, where the two stand for the same symbol. */
const GREEK_CHARACTERS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    α: 'alpha',
    β: 'beta',
    γ: 'gamma',
    Γ: 'Gamma',
    δ: 'delta',
    Δ: 'Delta',
    ε: 'epsilon',
    ϵ: 'varepsilon',
    ζ: 'zeta',
    η: 'eta',
    θ: 'theta',
    Θ: 'Theta',
    ϑ: 'vartheta',
    ι: 'iota',
    κ: 'kappa',
    λ: 'lambda',
    Λ: 'Lambda',
    μ: 'mu',
    ν: 'nu',
    ξ: 'xi',
    Ξ: 'Xi',
    ο: 'omicron',
    π: 'pi',
    Π: 'Pi',
    ϖ: 'varpi',
    ρ: 'rho',
    ϱ: 'varrho',
    σ: 'sigma',
    Σ: 'Sigma',
    ς: 'varsigma',
    τ: 'tau',
    υ: 'upsilon',
    Υ: 'Upsilon',
    φ: 'phi',
    Φ: 'Phi',
    ϕ: 'varphi',
    χ: 'chi',
    ψ: 'psi',
    Ψ: 'Psi',
    ω: 'omega',
    Ω: 'Omega',
  }),
);

/** Accents that are told apart by their first name only. */
const SAME_ACCENT: ReadonlyMap<string, string> = new Map([
  ['overline', 'bar'],
  ['overrightarrow', 'vec'],
  ['widetilde', 'tilde'],
]);

const PARENTHESES = /[()]/g;

/** What `\bar{x}`, `\text{ab c}`, `\mathcal{F}` are called before they are lower-cased. */
export function accentName(text: string): string {
  const open = text.indexOf('{');
  const accent = text.slice(1, open);
  const inner = text.slice(open + 1, -1).replaceAll(' ', '');
  if (accent.includes('text') || accent.includes('mbox')) return inner.replace(PARENTHESES, '');
  const name = accent.includes('math') ? 'math' : (SAME_ACCENT.get(accent) ?? accent);
  return `${name}{${inner}}`;
}

/** The symbol of a letter, command or accent with its subscript; pi and Euler's constant are numbers. */
export function symbolNamed(text: string, real: boolean): Expression {
  const plain = text.trim();
  const name = GREEK_CHARACTERS.get(plain) ?? (plain.startsWith('\\') ? plain.slice(1) : plain);
  const lower = name.toLowerCase();
  if (lower === 'pi') return { kind: 'constant', name: 'pi' };
  if (name === 'Gamma' || lower === 'gamma') return { kind: 'constant', name: 'euler-gamma' };
  return plainSymbol(lower, real);
}

/** A symbol of this very name. */
export function plainSymbol(name: string, real: boolean): Expression {
  return symbol(real ? name : name + NOT_REAL);
}

/** Subscripts of more than one character keep their braces in the name. */
export function subscripted(text: string, subscript: string): string {
  return `${text}_${subscript.length > 1 ? `{${subscript}}` : subscript}`;
}
