import type { ConstantExpression, FunctionName, NamedSetExpression } from '../answer/expression.js';

/** Functions by their names in LaTeX, in plain text and in the usual programming languages. */
export const FUNCTIONS: Readonly<Record<string, FunctionName>> = {
  sin: 'sin',
  cos: 'cos',
  tan: 'tan',
  tg: 'tan',
  cot: 'cot',
  ctg: 'cot',
  cotan: 'cot',
  sec: 'sec',
  csc: 'csc',
  cosec: 'csc',
  arcsin: 'arcsin',
  arccos: 'arccos',
  arctan: 'arctan',
  arctg: 'arctan',
  arccot: 'arccot',
  arcctg: 'arccot',
  arcsec: 'arcsec',
  arccsc: 'arccsc',
  asin: 'arcsin',
  acos: 'arccos',
  atan: 'arctan',
  // cos x + i sin x: the reader writes it out.
  cis: 'cos',
  sinh: 'sinh',
  cosh: 'cosh',
  tanh: 'tanh',
  coth: 'coth',
  sech: 'sech',
  csch: 'csch',
  arsinh: 'arsinh',
  arcosh: 'arcosh',
  artanh: 'artanh',
  arcsinh: 'arsinh',
  arccosh: 'arcosh',
  arctanh: 'artanh',
  asinh: 'arsinh',
  acosh: 'arcosh',
  atanh: 'artanh',
  exp: 'exp',
  ln: 'ln',
  log: 'log',
  lg: 'log',
  abs: 'abs',
  sgn: 'sign',
  sign: 'sign',
  floor: 'floor',
  ceil: 'ceil',
  ceiling: 'ceil',
  round: 'round',
  frac: 'fractional-part',
  factorial: 'factorial',
  binomial: 'binomial',
  binom: 'binomial',
  nCr: 'binomial',
  nPr: 'permutations',
  gcd: 'gcd',
  lcm: 'lcm',
  mod: 'mod',
  min: 'min',
  max: 'max',
  Re: 're',
  Im: 'im',
  arg: 'arg',
  Arg: 'arg',
  conj: 'conjugate',
  det: 'determinant',
  tr: 'trace',
  Tr: 'trace',
  trace: 'trace',
  rank: 'rank',
  totient: 'totient',
};

/** What `\sin^{-1}` and the like mean. */
export const INVERSES: Readonly<Partial<Record<FunctionName, FunctionName>>> = {
  sin: 'arcsin',
  cos: 'arccos',
  tan: 'arctan',
  cot: 'arccot',
  sec: 'arcsec',
  csc: 'arccsc',
  sinh: 'arsinh',
  cosh: 'arcosh',
  tanh: 'artanh',
};

export const CONSTANTS: Readonly<Record<string, ConstantExpression['name']>> = {
  pi: 'pi',
  Pi: 'pi',
  PI: 'pi',
  infty: 'infinity',
  infinity: 'infinity',
  Infinity: 'infinity',
  inf: 'infinity',
  oo: 'infinity',
};

/** Functions that stand for a root: its index. */
export const ROOT_NAMES: Readonly<Record<string, number>> = {
  sqrt: 2,
  cbrt: 3,
  fourthroot: 4,
};

/** Letters with a name, by the name that the symbol gets. */
export const SYMBOL_NAMES: Readonly<Record<string, string>> = {
  alpha: 'alpha',
  beta: 'beta',
  gamma: 'gamma',
  delta: 'delta',
  epsilon: 'epsilon',
  varepsilon: 'epsilon',
  zeta: 'zeta',
  eta: 'eta',
  theta: 'theta',
  vartheta: 'theta',
  iota: 'iota',
  kappa: 'kappa',
  varkappa: 'kappa',
  lambda: 'lambda',
  mu: 'mu',
  nu: 'nu',
  xi: 'xi',
  rho: 'rho',
  varrho: 'rho',
  sigma: 'sigma',
  varsigma: 'sigma',
  tau: 'tau',
  upsilon: 'upsilon',
  phi: 'phi',
  varphi: 'phi',
  chi: 'chi',
  psi: 'psi',
  omega: 'omega',
  Gamma: 'Gamma',
  Delta: 'Delta',
  Theta: 'Theta',
  Lambda: 'Lambda',
  Xi: 'Xi',
  Sigma: 'Sigma',
  Upsilon: 'Upsilon',
  Phi: 'Phi',
  Psi: 'Psi',
  Omega: 'Omega',
  ell: 'ell',
  hbar: 'hbar',
  imath: 'i',
  jmath: 'j',
};

export const NAMED_SETS: Readonly<Record<string, NamedSetExpression['name']>> = {
  emptyset: 'empty',
  varnothing: 'empty',
  Reals: 'reals',
  R: 'reals',
  reals: 'reals',
  Integers: 'integers',
  Z: 'integers',
  Naturals: 'naturals',
  N: 'naturals',
  Rationals: 'rationals',
  Q: 'rationals',
  Complexes: 'complex-numbers',
  C: 'complex-numbers',
};

/** Letters of \mathbb. */
export const BLACKBOARD: Readonly<Record<string, NamedSetExpression['name']>> = {
  R: 'reals',
  Z: 'integers',
  N: 'naturals',
  Q: 'rationals',
  C: 'complex-numbers',
};

/** Accents that become part of a symbol's name. */
export const ACCENTS: Readonly<Record<string, string>> = {
  bar: 'bar',
  overline: 'bar',
  hat: 'hat',
  widehat: 'hat',
  tilde: 'tilde',
  widetilde: 'tilde',
  vec: 'vec',
  overrightarrow: 'vec',
  dot: 'dot',
  ddot: 'ddot',
  mathring: 'ring',
  check: 'check',
  breve: 'breve',
};

/** Codes of currencies that stand before the amount. */
export const MONEY_CODES: Readonly<Record<string, string>> = {
  USD: '$',
  EUR: '€',
  GBP: '£',
  Rs: '₹',
  INR: '₹',
  JPY: '¥',
};

/** True for a word that means something in a formula. */
export function isName(word: string): boolean {
  return (
    Object.hasOwn(FUNCTIONS, word) ||
    Object.hasOwn(CONSTANTS, word) ||
    Object.hasOwn(ROOT_NAMES, word) ||
    Object.hasOwn(SYMBOL_NAMES, word) ||
    Object.hasOwn(MONEY_CODES, word)
  );
}
