import { lookUp } from './look-up.js';
import { integer, minus, product, root, symbol } from '../answer/build.js';
import type { Expression } from '../answer/expression.js';
import { ONE } from '../values/rational.js';
import { readSum, readTerm } from './arithmetic.js';
import { FRACTIONS } from './number-forms.js';
import { readFraction } from './fractions.js';
import {
  BRACKETS,
  readArgument,
  readBars,
  readBracket,
  readGroup,
  readVector,
  skipArgument,
} from './brackets.js';
import { readCombinations } from './combinations.js';
import type { Cursor } from './cursor.js';
import { readFunction } from './functions.js';
import { readMatrix } from './matrices.js';
import {
  ACCENTS,
  BLACKBOARD,
  CONSTANTS,
  FUNCTIONS,
  isName,
  MONEY_CODES,
  NAMED_SETS,
  ROOT_NAMES,
  SYMBOL_NAMES,
} from './names.js';
import { readLetteredDigits } from './bases.js';
import { readNumber, startsNumber } from './numbers.js';
import { isCurrency, UnitReader } from './unit-reader.js';
import { readIntegral, readLimit, readSeries } from './series.js';
import { readSymbol, subscriptOf } from './symbols.js';
import type { Token } from './token.js';

/** Commands that end what stands before them. */
const ENDING_COMMANDS: ReadonlySet<string> = new Set(
  'over choose atop end pmod bmod mod pod forall exists because qed square blacksquare Box checkmark middle'.split(
    ' ',
  ),
);

/** Whether a factor can begin here without a sign before it. */
export function startsAtom(c: Cursor): boolean {
  const { token } = c;
  if (token.gap === 'wide') return false;
  switch (token.kind) {
    case 'digits':
    case 'letter':
      return true;
    case 'command':
      return !ENDING_COMMANDS.has(token.text);
    case 'word':
      return isName(token.text) && !isProse(c);
    case 'mark':
      if (token.text === '|' || token.text === '||') return c.bars === 0 && !c.inSet;
      if (token.text === '.') return startsNumber(c);
      if (token.text === '(') return !explains(c.peek(1));
      if (token.text === '[') return !endsInterval(c.peek(1));
      return (
        token.text === '{' ||
        token.text === '[' ||
        token.text === 'lbar' ||
        Object.hasOwn(BRACKETS, token.text)
      );
    case 'end':
      return false;
  }
}

/** A word after an opening bracket that makes it a remark: `(since x > 0)`, `(mod 5)`. */
export function explains(token: Token): boolean {
  if (token.kind === 'word') return !isName(token.text) || token.text === 'mod';
  return token.kind === 'command' && (token.text === 'bmod' || token.text === 'mod');
}

/** After an opening square bracket: then it closes an interval, as in `[0, 1[`. */
function endsInterval(next: Token): boolean {
  return (
    next.kind === 'end' ||
    (next.kind === 'mark' && ['cup', 'cap', 'setminus', ',', ';', '.', ')', '\\}'].includes(next.text))
  );
}

/** A name of a function among words: "the sign is". */
function isProse(c: Cursor): boolean {
  const next = c.peek(1);
  return next.kind === 'word' && !isName(next.text) && !next.upright && next.gap !== '';
}

export function readAtom(c: Cursor): Expression {
  c.budget.spend();
  const { token } = c;
  switch (token.kind) {
    case 'digits':
      if (isCapital(c.peek(1))) {
        const lettered = readLetteredDigits(c);
        if (lettered !== undefined) return lettered;
      }
      return readNumber(c);
    case 'letter':
      return readLetter(c);
    case 'word':
      return readWord(c);
    case 'command':
      return readCommand(c);
    case 'mark':
      return readMark(c);
    case 'end':
      return c.fail('a value');
  }
}

/** A capital that touches what stands before it: perhaps a digit. */
function isCapital({ kind, text, gap }: Token): boolean {
  return (kind === 'letter' || kind === 'word') && gap === '' && text >= 'A' && text < '[';
}

function readLetter(c: Cursor): Expression {
  const { text, upright } = c.token;
  if (text >= 'A' && text <= 'Z') {
    const lettered = readLetteredDigits(c);
    if (lettered !== undefined) return lettered;
  }
  c.next();
  const plain = c.token.text !== '_' && c.token.text !== "'";
  if (text === 'e' && plain) return { kind: 'constant', name: 'e' };
  if (text === 'i' && plain && !c.iIsVariable && !c.indices.includes('i'))
    return { kind: 'constant', name: 'i' };
  return upright && c.token.upright && c.token.kind === 'digits' ? symbol(text) : readSymbol(c, text);
}

function readWord(c: Cursor): Expression {
  const { text } = c.token;
  if (Object.hasOwn(FUNCTIONS, text)) return readFunction(c);
  if (Object.hasOwn(ROOT_NAMES, text)) return readRoot(c);
  if (Object.hasOwn(CONSTANTS, text)) {
    c.next();
    return { kind: 'constant', name: CONSTANTS[text] ?? 'pi' };
  }
  if (Object.hasOwn(SYMBOL_NAMES, text)) {
    c.next();
    return readSymbol(c, lookUp(SYMBOL_NAMES, text) ?? text);
  }
  const currency = lookUp(MONEY_CODES, text);
  if (currency !== undefined) return readMoney(c, currency);
  const lettered = /^[A-Z]+$/.test(text) ? readLetteredDigits(c) : undefined;
  if (lettered !== undefined) return lettered;
  // \mathrm{AB} is a product of points, \mathrm{d}x of letters.
  if (c.token.upright && /^[A-Z]{2,4}$/.test(text)) {
    c.next();
    c.symbols++;
    return product(...[...text].map(symbol));
  }
  return c.fail('a value');
}

function readCommand(c: Cursor): Expression {
  const { text } = c.token;
  if (FRACTIONS.has(text)) return readFraction(c);
  if (text === 'binom' || text === 'dbinom' || text === 'tbinom') {
    c.next();
    const n = readArgument(c);
    return { kind: 'call', name: 'binomial', args: [n, readArgument(c)] };
  }
  if (Object.hasOwn(FUNCTIONS, text)) return readFunction(c);
  if (text === 'sqrt' || text === 'cbrt' || text === 'fourthroot') return readRoot(c);
  if (Object.hasOwn(CONSTANTS, text) && text !== 'Pi') {
    c.next();
    return { kind: 'constant', name: CONSTANTS[text] ?? 'pi' };
  }
  if (Object.hasOwn(ACCENTS, text)) return readAccent(c);
  if (text === 'begin') return readMatrix(c);
  if (text === 'sum' || text === 'prod') return readSeries(c);
  if (text === 'int' || text === 'iint' || text === 'oint') return readIntegral(c);
  if (text === 'lim') return readLimit(c);
  if (text.startsWith('mathbb') && Object.hasOwn(BLACKBOARD, text.slice(6))) {
    c.next();
    return { kind: 'named-set', name: BLACKBOARD[text.slice(6)] ?? 'reals' };
  }
  if (Object.hasOwn(NAMED_SETS, text)) {
    c.next();
    return { kind: 'named-set', name: NAMED_SETS[text] ?? 'empty' };
  }
  if (text === 'overset' || text === 'underset' || text === 'stackrel' || text === 'textcolor') {
    c.next();
    skipArgument(c);
    return readArgument(c);
  }
  if (text === 'angle' || text === 'measuredangle' || text === 'triangle') return readFigure(c);
  if (ENDING_COMMANDS.has(text)) c.fail('a value');
  c.next();
  return readSymbol(c, lookUp(SYMBOL_NAMES, text) ?? text);
}

/** `\angle ABC` is one symbol. */
function readFigure(c: Cursor): Expression {
  let name = c.next().text;
  c.symbols++;
  name += ' ';
  while (c.token.kind === 'letter') name += c.next().text;
  return symbol(name.trim());
}

/** `\bar{x}`, `\overline{AB}`: the accent and what is under it make one name. */
function readAccent(c: Cursor): Expression {
  const accent = ACCENTS[c.next().text] ?? 'bar';
  const under = subscriptOf(c);
  const inside = under.startsWith('{') ? under.slice(1, -1) : under;
  return readSymbol(c, inside, `${accent}{${inside}}`);
}

/** `\sqrt[3]{2}`, `\sqrt2`, `sqrt(2)`, `√2`. */
function readRoot(c: Cursor): Expression {
  const { text } = c.next();
  let index: Expression = integer(ROOT_NAMES[text] ?? 2);
  if (text === 'sqrt' && c.takeMark('[')) {
    index = c.deeper(readSum);
    if (!c.takeMark(']')) c.fail('the end of the index of a root');
  }
  return root(readRadicand(c), index);
}

function readRadicand(c: Cursor): Expression {
  if (c.isMark('{')) return readGroup(c);
  if (c.isMark('(')) return readBracket(c);
  if (c.isMark('-')) c.fail('a radicand');
  return readArgument(c);
}

/** A sign or code of a currency, then the amount. */
function readMoney(c: Cursor, currency: string): Expression {
  c.next();
  c.takeMark('.');
  const negative = c.takeMark('-');
  if (!negative) {
    const rate = readRate(c, currency);
    if (rate !== undefined) return rate;
  }
  const value = c.deeper(readTerm);
  const amount = value.kind === 'quantity' ? value.value : value;
  return {
    kind: 'quantity',
    value: negative ? minus(amount) : amount,
    unit: [{ name: currency, power: ONE }],
  };
}

/** The amount of `$5/kg` and `$18 per hour`, and what it is paid for. */
function readRate(c: Cursor, currency: string): Expression | undefined {
  if (!startsNumber(c)) return undefined;
  const start = c.position;
  const value = readNumber(c);
  const [by, paidFor] = [c.token, c.peek(1)];
  const divides = by.text === '/' || (by.text === 'per' && !c.doubt('rate'));
  if (divides && (paidFor.kind === 'word' || paidFor.kind === 'letter')) {
    const unit = new UnitReader(c, true, [{ name: currency, power: ONE }]).read();
    if (unit !== undefined && unit.factors.length > 1) return { kind: 'quantity', value, unit: unit.factors };
  }
  c.position = start;
  return undefined;
}

function readMark(c: Cursor): Expression {
  const { text } = c.token;
  if (text === '.' && startsNumber(c)) return readNumber(c);
  const count = readCombinations(c);
  if (count !== undefined) return count;
  if (text === '{') return c.within({ listed: c.listed + 1, inSet: true }, readGroup);
  if (text === '|' || text === 'lbar' || text === '||') return readBars(c);
  if (Object.hasOwn(BRACKETS, text)) return readBracket(c);
  if (text === ']') return readBracket(c);
  if (text === '<') return readVector(c);
  if (isCurrency(text)) {
    return readMoney(c, text);
  }
  if (text === '!') {
    c.next();
    return { kind: 'call', name: 'subfactorial', args: [c.deeper(readAtom)] };
  }
  if (text === '...') {
    c.next();
    return symbol('...');
  }
  return c.fail('a value');
}
