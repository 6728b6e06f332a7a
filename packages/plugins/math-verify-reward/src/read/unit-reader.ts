import { lookUp } from './look-up.js';
import type { UnitFactor } from '../answer/expression.js';
import { lookUpUnit } from '../answer/units.js';
import { ONE, rational, type Rational } from '../values/rational.js';
import type { Cursor } from './cursor.js';
import { isName } from './names.js';
import { isConnective, STOP_WORDS } from './text.js';
import type { Token } from './token.js';

/** Units, their powers included. */
export interface UnitsAhead {
  readonly kind: 'unit';
  readonly factors: readonly UnitFactor[];
}

const CURRENCIES: ReadonlySet<string> = new Set(['$', '£', '€', '¥', '₹', '¢', '₩']);
export const DEGREE_WORDS: ReadonlySet<string> = new Set(['degree', 'degrees', 'deg']);
/** Powers of the unit after them. */
const POWER_WORDS: Readonly<Record<string, bigint>> = {
  square: 2n,
  sq: 2n,
  squared: 2n,
  cubic: 3n,
  cu: 3n,
  cubed: 3n,
};
/** Letters that, after a number and a space, are more often a unit than a variable. */
const UNIT_LETTERS: ReadonlySet<string> = new Set('m s g h L l N J W V K A'.split(' '));

export function isCurrency(mark: string): boolean {
  return CURRENCIES.has(mark);
}

/** Celsius or Fahrenheit in word or letter. */
export function isTemperature(token: Token): boolean {
  return /^(?:C|F|[Cc]elsius|[Ff]ahrenheit)$/.test(token.text) && token.kind !== 'mark';
}

/** Reads units joined by products, quotients and "per"; a noun in their place. */
export class UnitReader {
  /** Bare letters, that could be variables: how many, and whether one is unusual as a unit or touches the number. */
  #bare = 0;
  #doubtful = false;
  /** The first name was a word or upright: what follows belongs to it. */
  #anchored = false;
  #sign = 1n;

  constructor(
    readonly c: Cursor,
    readonly numeric: boolean,
    readonly factors: UnitFactor[] = [],
  ) {}

  read(): UnitsAhead | undefined {
    const { c } = this;
    if (this.factors.length === 0 && !this.#factor(true)) return undefined;
    for (;;) {
      c.budget.spend();
      const start = c.position;
      if (c.takeMark('/') || this.#takeWord('per')) {
        this.#sign = -1n;
        const bracketed = c.takeMark('(');
        let found = this.#factor(false);
        while (found && bracketed && !c.isMark(')')) {
          c.takeMark('*');
          found = this.#factor(false);
        }
        if (bracketed) c.takeMark(')');
        this.#sign = 1n;
        if (!found) {
          c.position = start;
          break;
        }
      } else {
        c.takeMark('*');
        if (!this.#factor(false)) {
          c.position = start;
          break;
        }
      }
    }
    if (this.#bare > 0 && !(this.#anchored || this.#isPlausible())) return undefined;
    return { kind: 'unit', factors: this.factors };
  }

  /** Bare letters are a unit only where nothing follows that would make them factors. */
  #isPlausible(): boolean {
    const { c } = this;
    const { kind, text } = c.token;
    const closes =
      (this.#bare > 1 && kind === 'digits' && c.token.gap !== '') ||
      // `5 cm \times 3 cm`
      (this.#bare > 1 && kind === 'mark' && text === '*' && c.peek(1).kind === 'digits') ||
      kind === 'end' ||
      isConnective(c.token) ||
      (kind === 'mark' && ')],;.'.includes(text)) ||
      (kind === 'word' && !isName(text));
    if (
      !closes &&
      !(this.#bare > 1 && kind === 'mark' && (text === '=' || text === '+' || text === '-' || text === '~'))
    )
      return false;
    return this.#doubtful === c.doubt('unit-letters');
  }

  #takeWord(word: string): boolean {
    if (this.c.token.kind !== 'word' || this.c.token.text.toLowerCase() !== word) return false;
    this.c.next();
    return true;
  }

  /** One name with its power, as a factor. */
  #factor(first: boolean): boolean {
    const { c } = this;
    const start = c.position;
    let power = 1n;
    if (c.token.kind === 'word') {
      const prefixed = lookUp(POWER_WORDS, c.token.text.toLowerCase());
      if (
        prefixed !== undefined &&
        (c.peek(1).kind === 'word' || c.peek(1).kind === 'letter' || c.peek(1).text === '.')
      ) {
        power = prefixed;
        c.next();
        c.takeMark('.');
      }
    }
    const name = this.#name(first);
    if (name === undefined) {
      c.position = start;
      return false;
    }
    if (first && this.#bare === 0) this.#anchored = true;
    const written = readUnitPower(c, name);
    this.factors.push({ name, power: rational(this.#sign * power * written.n, written.d) });
    return true;
  }

  #name(first: boolean): string | undefined {
    const { c } = this;
    const { token } = c;
    if (token.kind === 'mark') {
      if (CURRENCIES.has(token.text) && first) return c.next().text;
      if (token.text !== '°' || !isTemperature(c.peek(1))) return undefined;
      c.next();
      return '°' + c.next().text.charAt(0).toUpperCase();
    }
    if (token.kind === 'command') return this.#micro();
    if (token.kind === 'letter') return token.upright ? this.#uprightLetters() : this.#bareLetters(first);
    if (token.kind !== 'word') return undefined;
    const lower = token.text.toLowerCase();
    if (DEGREE_WORDS.has(lower) && isTemperature(c.peek(1))) {
      c.next();
      return '°' + c.next().text.charAt(0).toUpperCase();
    }
    if (lookUpUnit(token.text) !== undefined && c.peek(1).text !== '(' && c.peek(1).text !== '{') {
      // "in" is more often a word.
      if (lower === 'in' && c.peek(1).kind === 'word') return undefined;
      c.next();
      // `yd.`
      if (c.isMark('.') && c.token.gap === '' && token.text.length <= 3 && c.peek(1).kind !== 'end') c.next();
      return token.text;
    }
    return first && (this.numeric || token.upright) && !isName(token.text) ? this.#noun() : undefined;
  }

  /** `\mu m`, `\Omega`. */
  #micro(): string | undefined {
    const { c } = this;
    if (!this.numeric) return undefined;
    const after = c.peek(1);
    if (
      c.token.text === 'mu' &&
      (after.kind === 'letter' || after.kind === 'word') &&
      lookUpUnit('μ' + after.text) !== undefined
    ) {
      if (!after.upright && c.source.startsWith('\\', c.token.start)) {
        this.#bare++;
        this.#doubtful = true;
      }
      c.position += 2;
      return 'μ' + after.text;
    }
    if (c.token.text !== 'Omega') return undefined;
    this.#bare++;
    c.next();
    return 'Ω';
  }

  #uprightLetters(): string | undefined {
    const { c } = this;
    const { text } = c.token;
    if (lookUpUnit(text) === undefined) return undefined;
    c.next();
    return text;
  }

  /** Letters of a formula that touch each other and spell a unit: `cm`, `km`. */
  #bareLetters(first: boolean): string | undefined {
    const { c } = this;
    if (!this.numeric) return undefined;
    let name = '';
    let count = 0;
    for (; count < 4; count++) {
      const { kind, text, gap, upright } = c.peek(count);
      if (kind !== 'letter' || upright || (count > 0 && gap !== '')) break;
      name += text;
    }
    if (lookUpUnit(name) === undefined) return undefined;
    this.#bare += count;
    if (count === 1 && first && (c.token.gap === '' || !UNIT_LETTERS.has(name))) this.#doubtful = true;
    c.position += count;
    return name;
  }

  /** Words that are no unit: what was counted. */
  #noun(): string | undefined {
    const { c } = this;
    const words: string[] = [];
    while ((c.token.kind === 'word' || (c.token.kind === 'letter' && words.length > 0)) && words.length < 8) {
      const lower = c.token.text.toLowerCase();
      if (STOP_WORDS.has(lower) || isConnective(c.token) || lower === 'per' || lower === 'base') break;
      words.push(c.next().text);
      if (c.isMark("'") && c.token.gap === '') break;
      if (c.isMark('-') && c.token.gap === '' && c.peek(1).kind === 'word') c.next();
    }
    return words.length === 0 ? undefined : words.join(' ');
  }
}

/** `^2`, `^{-1}`, `squared`, the 2 of `m2`. */
function readUnitPower(c: Cursor, name: string): Rational {
  const { token } = c;
  if (token.kind === 'word' && (token.text === 'squared' || token.text === 'cubed')) {
    c.next();
    return rational(lookUp(POWER_WORDS, token.text) ?? 1n);
  }
  if (
    token.kind === 'digits' &&
    token.gap === '' &&
    (token.text === '2' || token.text === '3') &&
    lookUpUnit(name) !== undefined
  ) {
    return rational(BigInt(c.next().text));
  }
  if (token.kind !== 'mark' || token.text !== '^') return ONE;
  const braced = c.peek(1).text === '{';
  let at = braced ? 2 : 1;
  const sign = c.peek(at).text;
  if (sign === '-' || sign === '+') at++;
  const digits = c.peek(at++);
  if (digits.kind !== 'digits' || digits.text.length > 2) return ONE;
  if (braced && c.peek(at++).text !== '}') return ONE;
  c.position += at;
  return rational(sign === '-' ? -BigInt(digits.text) : BigInt(digits.text));
}
