import { verify } from '../src/verify.js';

/**
 * What is done to a gold answer to see whether it still equals itself, or no longer does. Each gives the changed answer,
 * or undefined where the change makes no sense.
 */
export interface Change {
  readonly name: string;
  readonly equal: boolean;
  readonly apply: (gold: string) => string | undefined;
}

export const CHANGES: readonly Change[] = [
  { name: 'itself', equal: true, apply: (gold) => gold },
  { name: 'itself in a box', equal: true, apply: boxed },
  { name: 'itself in a box, with spaces', equal: true, apply: spaced },
  {
    name: 'with \\dfrac for \\frac',
    equal: true,
    apply: (gold) => respelt(gold, /\\frac(?![a-z])/g, '\\dfrac'),
  },
  {
    name: 'with \\frac for \\dfrac',
    equal: true,
    apply: (gold) => respelt(gold, /\\dfrac(?![a-z])/g, '\\frac'),
  },
  { name: 'as a decimal, where that is exact', equal: true, apply: decimal },
  { name: 'plus one', equal: false, apply: plusOne },
  { name: 'negated', equal: false, apply: negated },
  { name: 'with its last two elements dropped', equal: false, apply: withoutTwo },
];

function boxed(gold: string): string | undefined {
  // A sentence with formulas or boxes of its own belongs in no box.
  return /[$]|\\\(|\\\[|\\boxed/.test(gold) ? undefined : `The answer is $\\boxed{${gold}}$.`;
}

/** Around relations and plus signs, and around the whole; words and environments are left alone. */
function spaced(gold: string): string | undefined {
  const words = /\\text|\\mbox|\\begin|\\operatorname|\\mathrm|(^|[^\\a-z])[a-z]{2,}/i.test(gold);
  return boxed(words ? ` ${gold} ` : ` ${gold.replace(/([+=<>])/g, ' $1 ')} `);
}

function respelt(gold: string, from: RegExp, to: string): string | undefined {
  const changed = gold.replace(from, to);
  return changed === gold ? undefined : boxed(changed);
}

const INTEGER = /^-?\d+$/;
const FRACTION = /^(-?)\\?[dt]?(?:frac)?\{?(-?\d+)\}?(?:\/|(?<=\})\{)(\d+)\}?$/;

/** `7` is 7.0; a fraction whose denominator is made of twos and fives has an exact decimal. */
function decimal(gold: string): string | undefined {
  if (INTEGER.test(gold)) return boxed(`${gold}.0`);
  const parts = FRACTION.exec(gold);
  if (parts === null) return undefined;
  const [, sign = '', top = '', bottom = ''] = parts;
  const n = (sign === '-' ? -1n : 1n) * BigInt(top);
  const d = BigInt(bottom);
  if (d === 0n) return undefined;
  for (let places = 1; places <= 8; places++) {
    const scaled = n * 10n ** BigInt(places);
    if (scaled % d !== 0n) continue;
    const digits = String(scaled < 0n ? -scaled / d : scaled / d).padStart(places + 1, '0');
    return boxed(`${scaled < 0n ? '-' : ''}${digits.slice(0, -places)}.${digits.slice(-places)}`);
  }
  return undefined;
}

/** Digits and what numbers are made of, without variables, words, several answers, units or a full stop. */
function isNumeric(gold: string): boolean {
  const bare = gold.replace(/\\(?:[dt]?frac|sqrt|pi|cdot|times|left|right)(?![a-z])/g, '');
  return /[1-9]/.test(bare) && /^[\d+\-*/^{}(). ]+$/.test(bare) && !bare.endsWith('.');
}

/** A number with separators, an exponent, a percent or degree sign or a unit after it: its leading digits, and the rest. */
const MARKED_NUMBER =
  /^(\\?\$?)(-?\d{1,3}(?:,\d{3})+|-?\d+)(\.\d+)?(e[+-]?\d+|\\?%|\^\\circ|\^\{\\circ\}| ?\\text\{[a-z .]+\})?$/i;

/** Of a plain number the mantissa plus one, of a numeric expression the expression plus one. */
function plusOne(gold: string): string | undefined {
  const marked = MARKED_NUMBER.exec(gold);
  if (marked !== null) {
    const [, before = '', whole = '', places = '', after = ''] = marked;
    const n = BigInt(whole.replaceAll(',', ''));
    // A negative number goes down by one: its fractional part stays the same.
    return boxed(`${before}${String(whole.startsWith('-') ? n - 1n : n + 1n)}${places}${after}`);
  }
  return isNumeric(gold) ? boxed(`(${gold})+1`) : undefined;
}

function negated(gold: string): string | undefined {
  const marked = MARKED_NUMBER.exec(gold);
  if (marked !== null) {
    if (!/[1-9]/.test(`${marked[2] ?? ''}${marked[3] ?? ''}`)) return undefined;
    const [, before = '', whole = '', places = '', after = ''] = marked;
    return boxed(`${before}${whole.startsWith('-') ? whole.slice(1) : `-${whole}`}${places}${after}`);
  }
  // A sum may be zero, which is its own negative.
  return isNumeric(gold) && verify('0', gold).verdict !== 'equal' ? boxed(`-(${gold})`) : undefined;
}

/** Lists, tuples and sets of four and more different elements. */
function withoutTwo(gold: string): string | undefined {
  const brackets = /^(\\left\(|\\\{|\(|\{)(.*)(\\right\)|\\\}|\)|\})$/s.exec(gold);
  const [, open = '', inside = gold, close = ''] = brackets ?? [];
  const items = topLevelParts(inside);
  if (items === undefined || items.length < 4 || new Set(items).size < items.length) return undefined;
  // Groups of three digits may be one number.
  if (open === '' && items.slice(1).every((item) => /^(\\!)?\d{3}$/.test(item))) return undefined;
  return boxed(`${open}${items.slice(0, -2).join(', ')}${close}`);
}

/** Between the commas that stand in no bracket; undefined where brackets do not match. */
function topLevelParts(text: string): readonly string[] | undefined {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charAt(i);
    if ('([{'.includes(c)) depth++;
    if (')]}'.includes(c)) depth--;
    if (depth < 0) return undefined;
    if (c !== ',' || depth > 0) continue;
    parts.push(text.slice(start, i).trim());
    start = i + 1;
  }
  parts.push(text.slice(start).trim());
  return depth === 0 && parts.every((part) => part !== '') ? parts : undefined;
}
