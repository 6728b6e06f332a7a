/**
 * The words of the language that latex2sympy2_extended 1.11 reads. Every word that is not listed makes the whole string
 * unreadable.
 */
export type TokenKind =
  | 'number'
  | 'scientific'
  | 'percent'
  | 'letter'
  | 'E'
  | 'e'
  | 'differential'
  | 'greek'
  | 'sign'
  | 'accent'
  | 'infinity'
  | 'partial'
  | '+'
  | '-'
  | '*'
  | '/'
  | ':'
  | 'mod'
  | '('
  | ')'
  | '\\('
  | '\\)'
  | 'lgroup'
  | 'rgroup'
  | '{'
  | '}'
  | '\\{'
  | '\\}'
  | 'lbrace'
  | 'rbrace'
  | '['
  | ']'
  | 'lbrack'
  | 'rbrack'
  | 'phantom'
  | 'boxed'
  | '|'
  | 'lvert'
  | 'rvert'
  | 'vert'
  | 'norm'
  | 'langle'
  | 'rangle'
  | 'lfloor'
  | 'rfloor'
  | 'lceil'
  | 'rceil'
  | 'llcorner'
  | 'lrcorner'
  | 'ulcorner'
  | 'urcorner'
  | 'lim'
  | 'to'
  | 'int'
  | 'sum'
  | 'prod'
  | 'function'
  | 'gamma'
  | 'function-of-many'
  | 'name'
  | 'name-of-many'
  | 'sqrt'
  | 'frac'
  | 'binom'
  | 'choose'
  | 'operatorname'
  | 'matrix'
  | 'end-matrix'
  | 'array'
  | 'end-array'
  | 'determinant'
  | 'end-determinant'
  | '&'
  | '\\\\'
  | '_'
  | '^'
  | 'transpose'
  | 'degree'
  | '!'
  | ';'
  | ','
  | 'in'
  | '='
  | '=='
  | '~'
  | '<'
  | '<='
  | '>'
  | '>='
  | '!='
  | 'notin'
  | 'subset'
  | 'superset'
  | 'named-set'
  | 'union'
  | 'intersection'
  | 'setminus'
  | 'pm'
  /** A word of the language that no rule uses: known, but the string that holds it is unreadable. */
  | 'unused';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
}

const of = (kind: TokenKind, words: string): [string, TokenKind][] =>
  words.split(' ').map((word) => [word, kind]);

/** Commands by what follows the backslash. `undefined` is white space. */
export const COMMANDS: ReadonlyMap<string, TokenKind | undefined> = new Map<string, TokenKind | undefined>([
  ...[
    ',',
    'thinspace',
    ':',
    'medspace',
    ';',
    'thickspace',
    'quad',
    'qquad',
    '!',
    'negthinspace',
    'negmedspace',
  ].map((word): [string, undefined] => [word, undefined]),
  ...['negthickspace', '$', 'vrule', 'vcenter', 'vbox', 'vskip', 'vspace', 'hfil'].map(
    (word): [string, undefined] => [word, undefined],
  ),
  ['(', '\\('],
  [')', '\\)'],
  ['{', '\\{'],
  ['}', '\\}'],
  ['|', 'norm'],
  ['\\', '\\\\'],
  ['over', '/'],
  ['times', '*'],
  ['cdot', '*'],
  ['div', '/'],
  ['mod', 'mod'],
  ...of('unused', 'mathit xrightarrow xRightarrow leftrightarrow Leftrightarrow variable'),
  ['lgroup', 'lgroup'],
  ['rgroup', 'rgroup'],
  ['lbrace', 'lbrace'],
  ['rbrace', 'rbrace'],
  ['lbrack', 'lbrack'],
  ['rbrack', 'rbrack'],
  ['phantom', 'phantom'],
  ['boxed', 'boxed'],
  ['lvert', 'lvert'],
  ['rvert', 'rvert'],
  ['vert', 'vert'],
  ['langle', 'langle'],
  ['rangle', 'rangle'],
  ['lfloor', 'lfloor'],
  ['rfloor', 'rfloor'],
  ['lceil', 'lceil'],
  ['rceil', 'rceil'],
  ['llcorner', 'llcorner'],
  ['lrcorner', 'lrcorner'],
  ['ulcorner', 'ulcorner'],
  ['urcorner', 'urcorner'],
  ['lim', 'lim'],
  ...of('to', 'to rightarrow Rightarrow longrightarrow Longrightarrow'),
  ['int', 'int'],
  ['sum', 'sum'],
  ['prod', 'prod'],
  ...of('function', 'log ln exp sin cos tan csc sec cot sinh cosh tanh floor ceil det'),
  ...of('function', 'arcsin arccos arctan arccsc arcsec arccot arsinh arcosh artanh arcsinh arccosh arctanh'),
  ...of('gamma', 'Gamma gamma'),
  ...of('function-of-many', 'gcd lcm max min'),
  ['sqrt', 'sqrt'],
  ...of('frac', 'frac dfrac tfrac cfrac'),
  ...of('binom', 'binom tbinom dbinom'),
  ['choose', 'choose'],
  ['operatorname', 'operatorname'],
  ['exponentialE', 'e'],
  ['in', 'in'],
  ['equiv', '=='],
  ['approx', '~'],
  ['lt', '<'],
  ...of('<=', 'leq le leqslant'),
  ['gt', '>'],
  ...of('>=', 'geq ge geqslant'),
  ...of('!=', 'ne neq not\\equiv'),
  ['infty', 'infinity'],
  ['partial', 'partial'],
  ...of('union', 'cup'),
  ...of('intersection', 'cap'),
  ...of('setminus', 'setminus'),
  ...of('pm', 'pm mp'),
  ...of('named-set', 'emptyset mathbb{N} mathbb{Z} mathbb{Q} mathbb{R} mathbb{C} mathbb{P}'),
  ...of('named-set', '{\\} lbrace\\rbrace'),
  ['supseteq', 'superset'],
  ['subseteq', 'subset'],
  ['notin', 'notin'],
  ...of(
    'greek',
    'alpha beta delta Delta epsilon varepsilon zeta eta theta Theta vartheta iota kappa lambda Lambda mu',
  ),
  ...of(
    'greek',
    'nu xi Xi omicron pi Pi varpi rho varrho sigma Sigma varsigma tau upsilon Upsilon phi Phi varphi chi',
  ),
  ...of('greek', 'psi Psi omega Omega'),
  ...of(
    'sign',
    'Bbbk wp nabla bigstar angle nexists diagdown measuredangle eth diagup sphericalangle clubsuit',
  ),
  ...of(
    'sign',
    'varnothing Diamond complement diamondsuit imath Finv triangledown heartsuit jmath Game triangle',
  ),
  ...of(
    'sign',
    'spadesuit ell hbar vartriangle hslash blacklozenge lozenge blacksquare mho blacktriangle sharp prime',
  ),
  ...of('sign', 'Im flat square backprime Re natural surd circledS'),
]);

/** Commands that swallow one space after them: it makes them longer than a command of the same name. */
export const TAKES_A_SPACE: ReadonlySet<string> = new Set(['gamma', 'Gamma']);

/** Commands whose braces hold plain text. */
export const ACCENTS: ReadonlySet<string> = new Set(
  (
    'acute bar overline breve check widecheck dot ddot grave hat tilde widetilde vec overrightarrow bm boldsymbol text ' +
    'textit textbf textnormal mathbb mathbin mathbf mathcal mathclap mathclose mathellipsis mathfrak mathinner mathit ' +
    'mathnormal mathop mathopen mathord mathpunct mathrel mathring mathrlap mathrm mathscr mathsf mathsterling mathtt mbox'
  ).split(' '),
);

/** Words that are not products of letters. */
export const NAMES: ReadonlyMap<string, TokenKind> = new Map<string, TokenKind>([
  ...of(
    'name',
    'arsinh arcsinh arcosh arccosh artanh arctanh floor ceil eye cols rows norm rank trace tr rref',
  ),
  ...of('name', 'nullspace eig eigen diagonalize eigenvals eigenvalues eigenvects eigenvectors svd SVD'),
  ...of('name-of-many', 'gcd lcm zeros ones diag hstack vstack orth ortho orthogonal orthogonalize'),
  ...of('unused', 'matrix pmatrix bmatrix vmatrix'),
]);

/** What may stand between the braces of \begin. */
export const ENVIRONMENTS: ReadonlyMap<string, readonly [TokenKind, TokenKind]> = new Map<
  string,
  readonly [TokenKind, TokenKind]
>([
  ['matrix', ['matrix', 'end-matrix']],
  ['pmatrix', ['matrix', 'end-matrix']],
  ['bmatrix', ['matrix', 'end-matrix']],
  ['array', ['array', 'end-array']],
  ['vmatrix', ['determinant', 'end-determinant']],
]);

const each = (kind: TokenKind, characters: string): [string, TokenKind][] =>
  Array.from(characters, (character) => [character, kind]);

/** Signs other than letters and digits. */
export const SIGNS: ReadonlyMap<string, TokenKind> = new Map<string, TokenKind>([
  ...each('+', '+∔⊕⊞'),
  ...each('-', '-−∸'),
  ...each('*', '*×∗∘∙⊗⊠⊡⋄⋅⋆⋈⋉⋊'),
  ...each('/', '/÷∕'),
  ...each('(', '('),
  ...each(')', ')'),
  ...each('{', '{'),
  ...each('}', '}'),
  ...each('[', '['),
  ...each(']', ']'),
  ...each('|', '|'),
  ...each('&', '&'),
  ...each('_', '_'),
  ...each(':', ':'),
  ...each(';', ';'),
  ...each(',', ','),
  ...each('=', '=≎≏≐≑≒≓≔≕≖≗≟≡≣'),
  ...each('~', '≃≅≈≊≋'),
  ...each('<', '<≪≺⋖'),
  ...each('<=', '≤≦≲≾'),
  ...each('>', '>≫≻⋗'),
  ...each('>=', '≥≧≳≿'),
  ...each('!=', '≁≄≇≉≠≢'),
  ...each('transpose', "'"),
  ...each('named-set', 'ℕℤℚℝℂℙ∅'),
  ...each('union', '∪'),
  ...each('intersection', '∩'),
  ...each('setminus', '∖'),
  ...each('pm', '±∓'),
  ...each('superset', '⊇'),
  ...each('subset', '⊆'),
  ...each('notin', '∉'),
  ...each('greek', 'αβγΓδΔεϵζηθΘϑικλΛμνξΞοπΠϖρϱσΣςτυΥφΦϕχψΨωΩ'),
  ...each('sign', 'ℵℶℷℸ'),
]);

/** Signs of two or more characters; the longest that fits is taken. */
export const LONG_SIGNS: readonly (readonly [string, TokenKind])[] = [
  ['<->', 'unused'],
  ['<=>', 'unused'],
  ['!==', '!='],
  ['!=', '!='],
  ['==', '=='],
  ['~=', '~'],
  ['<=', '<='],
  ['>=', '>='],
];

/** What a caret may be one word with. */
export const RAISED: readonly (readonly [string, TokenKind])[] = [
  ['^{\\degree}', 'degree'],
  ['^{\\circle}', 'degree'],
  ['^{\\circ}', 'degree'],
  ['^\\degree', 'degree'],
  ['^\\circle', 'degree'],
  ['^\\circ', 'degree'],
  ['^{°}', 'degree'],
  ['^{T}', 'transpose'],
  ['^°', 'degree'],
  ['^T', 'transpose'],
];
