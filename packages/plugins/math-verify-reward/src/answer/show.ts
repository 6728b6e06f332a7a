import type { Rational } from '../values/rational.js';
import type { Expression, RelationOperator } from './expression.js';

/** How strongly a form holds together; what is looser than its place asks for is bracketed. */
const TIGHTNESS = { list: 0, relation: 1, sum: 2, product: 3, power: 4, atom: 5 } as const;
type Tightness = (typeof TIGHTNESS)[keyof typeof TIGHTNESS];

const OPERATORS: Readonly<Record<RelationOperator, string>> = {
  '=': '=',
  '!=': '≠',
  '<': '<',
  '<=': '≤',
  '>': '>',
  '>=': '≥',
  '~': '≈',
  in: '∈',
  'not-in': '∉',
  subset: '⊆',
  congruent: '≡',
};
const SET_OPERATORS = {
  union: '∪',
  intersection: '∩',
  difference: '\\',
  complement: 'complement',
  product: '×',
} as const;
const NAMED_SETS = {
  naturals: 'ℕ',
  integers: 'ℤ',
  rationals: 'ℚ',
  reals: 'ℝ',
  'complex-numbers': 'ℂ',
  empty: '∅',
} as const;
const CONSTANTS = {
  pi: 'π',
  e: 'e',
  i: 'i',
  infinity: '∞',
  'golden-ratio': 'φ',
  'euler-gamma': 'γ',
  'complex-infinity': 'complex ∞',
  undefined: 'undefined',
} as const;

/** An answer as it was read, in plain notation: for people, and to compare readings in tests. Not read back. */
export function showExpression(expression: Expression): string {
  return show(expression, TIGHTNESS.list);
}

function show(expression: Expression, place: Tightness): string {
  const [text, tightness] = form(expression);
  return tightness < place ? `(${text})` : text;
}

const shown = (parts: readonly Expression[], separator = ', '): string =>
  parts.map((part) => show(part, TIGHTNESS.relation)).join(separator);

function form(e: Expression): readonly [string, Tightness] {
  switch (e.kind) {
    case 'number':
      return [showRational(e.value, e.significant !== undefined), numberTightness(e.value)];
    case 'constant':
      return [CONSTANTS[e.name], TIGHTNESS.atom];
    case 'symbol':
      return [e.name, TIGHTNESS.atom];
    case 'sum':
      return [showSum(e.terms), TIGHTNESS.sum];
    case 'product':
      return [e.factors.map((factor) => show(factor, TIGHTNESS.product)).join('·'), TIGHTNESS.product];
    case 'power':
      return [`${show(e.base, TIGHTNESS.atom)}^${show(e.exponent, TIGHTNESS.atom)}`, TIGHTNESS.power];
    case 'call':
    case 'application':
      return [`${e.name}(${shown(e.args)})`, TIGHTNESS.atom];
    case 'series':
      return [
        `${e.operation}(${show(e.body, TIGHTNESS.relation)}, ${e.index} = ${shown([e.from, e.to], '..')})`,
        TIGHTNESS.atom,
      ];
    case 'opaque':
      return [`${e.head}[${shown(e.parts)}]`, TIGHTNESS.atom];
    case 'plus-minus': {
      const sign = e.sign === 'plus-minus' ? '±' : '∓';
      const left = e.left === undefined ? '' : `${show(e.left, TIGHTNESS.sum)} `;
      return [`${left}${sign} ${show(e.right, TIGHTNESS.product)}`, TIGHTNESS.sum];
    }
    case 'quantity':
      return [`${show(e.value, TIGHTNESS.product)} ${e.unit.map(showUnit).join('·')}`, TIGHTNESS.product];
    case 'percent':
      return [`${show(e.value, TIGHTNESS.product)}%`, TIGHTNESS.product];
    case 'degrees':
      return [`${show(e.value, TIGHTNESS.product)}°`, TIGHTNESS.product];
    case 'ratio':
      return [
        `${e.parts.map((part) => show(part, TIGHTNESS.sum)).join(':')}${e.meridiem === undefined ? '' : ` ${e.meridiem}`}`,
        TIGHTNESS.relation,
      ];
    case 'based':
      return [`${e.digits} in base ${String(e.base)}`, TIGHTNESS.product];
    case 'relation':
      return [showRelation(e), TIGHTNESS.relation];
    case 'list':
      return [shown(e.items), TIGHTNESS.list];
    case 'tuple':
      return [`${e.open}${shown(e.items)}${e.close}`, TIGHTNESS.atom];
    case 'set':
      return [`{${shown(e.items)}}`, TIGHTNESS.atom];
    case 'interval':
      return [`${e.fromClosed ? '[' : '('}${shown([e.from, e.to])}${e.toClosed ? ']' : ')'}`, TIGHTNESS.atom];
    case 'set-operation':
      return [
        e.parts.map((part) => show(part, TIGHTNESS.product)).join(` ${SET_OPERATORS[e.operation]} `),
        TIGHTNESS.sum,
      ];
    case 'named-set':
      return [NAMED_SETS[e.name], TIGHTNESS.atom];
    case 'set-builder':
      return [`{${show(e.element, TIGHTNESS.list)} : ${shown(e.conditions)}}`, TIGHTNESS.atom];
    case 'matrix': {
      const rows = e.rows.map((row) => `[${shown(row)}]`).join(', ');
      return [e.determinant === true ? `|${rows}|` : `[${rows}]`, TIGHTNESS.atom];
    }
    case 'choice':
      return [
        `(${e.letter})${e.content === undefined ? '' : ` ${show(e.content, TIGHTNESS.relation)}`}`,
        TIGHTNESS.atom,
      ];
    case 'text':
      return [e.text, TIGHTNESS.atom];
  }
}

function showSum(terms: readonly Expression[]): string {
  return terms
    .map((term, index) => {
      const text = show(term, TIGHTNESS.sum);
      if (index === 0) return text;
      return text.startsWith('-') ? ` - ${text.slice(1)}` : ` + ${text}`;
    })
    .join('');
}

function showRelation({ operands, operators, modulus }: Extract<Expression, { kind: 'relation' }>): string {
  const [first, ...rest] = operands.map((operand) => show(operand, TIGHTNESS.list));
  const chain = rest.map((operand, index) => ` ${OPERATORS[operators[index] ?? '=']} ${operand}`).join('');
  return `${first ?? ''}${chain}${modulus === undefined ? '' : ` (mod ${show(modulus, TIGHTNESS.list)})`}`;
}

function showUnit({ name, power }: { readonly name: string; readonly power: Rational }): string {
  return power.n === 1n && power.d === 1n ? name : `${name}^${showRational(power, false)}`;
}

function numberTightness({ n, d }: Rational): Tightness {
  return n < 0n ? TIGHTNESS.sum : d === 1n ? TIGHTNESS.atom : TIGHTNESS.product;
}

/** Digits of an integer above which only its size is shown. */
const MOST_DIGITS = 60;

function showRational({ n, d }: Rational, decimal: boolean): string {
  const places = decimal ? decimalPlaces(d) : undefined;
  if (places === undefined) return d === 1n ? showInteger(n) : `${showInteger(n)}/${showInteger(d)}`;
  if (places === 0) return showInteger(n);
  const digits = String((n < 0n ? -n : n) * (10n ** BigInt(places) / d)).padStart(places + 1, '0');
  return `${n < 0n ? '-' : ''}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

/** Places after the point that 1/d needs; undefined when it has no short decimal. */
function decimalPlaces(d: bigint): number | undefined {
  let power = 1n;
  for (let places = 0; places <= 40; places += 1, power *= 10n) if (power % d === 0n) return places;
  return undefined;
}

function showInteger(n: bigint): string {
  const text = String(n);
  return text.length <= MOST_DIGITS
    ? text
    : `${text.slice(0, 12)}...${text.slice(-4)} (${String(text.length)} digits)`;
}
