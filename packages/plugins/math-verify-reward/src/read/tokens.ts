import { lookUp } from './look-up.js';
import type { Budget } from '../budget.js';
import { ArgumentSplitter } from './argument-splitter.js';
import {
  COMMAND_CHARACTERS,
  MARK_CHARACTERS,
  MARK_RUNS,
  SUBSCRIPTS,
  SUPERSCRIPTS,
  VULGAR_FRACTIONS,
} from './characters.js';
import {
  ALIGNED_ENVIRONMENTS,
  ARITY,
  COMMAND_ROLES,
  GAP_COMMANDS,
  MARK_ESCAPES,
  NEGATED,
} from './commands.js';
import { currencyDollars } from './dollars.js';
import { splitRun } from './letter-runs.js';
import { isName } from './names.js';
import type { Gap, Token, TokenKind } from './token.js';

const SPACES = /[ \t\n\r\f\v\u00a0\u2000-\u200b\u202f\u205f\u3000\ufeff]+/y;
const DIGITS = /[0-9]+/y;
const LETTERS = /[a-zA-Z]+/y;
const WORD = /\p{L}[\p{L}\p{M}]*/uy;
const ORDINAL = /^(?:st|nd|rd|th)$/;
const MERIDIEM = /([ap])(?:m(?![a-zA-Z])|\. ?m(?:\.|(?![a-zA-Z])))/iy;
/** Subscripts without braces that are more than their first letter. */
const SUBSCRIPT_WORDS: ReadonlySet<string> = new Set('max min avg tot total net new old opt'.split(' '));
/** Escapes that a careless decoder has made of `\text`, `\frac`, `\binom`, `\right`. */
const DECODED_ESCAPES: Readonly<Record<string, string>> = { '\t': 't', '\f': 'f', '\b': 'b', '\r': 'r' };

/** `np.sqrt(2)` */
const PROGRAM_MODULES: ReadonlySet<string> = new Set(['np', 'numpy', 'math', 'Math', 'sympy', 'sp', 'cmath']);

/** What a token costs, its place in the grammar included. */
const TOKEN_STEPS = 5;

const RUNS_BY_CHARACTER = new Map(
  MARK_RUNS.map(([run]) => run.charAt(0)).map((char) => [
    char,
    MARK_RUNS.filter(([run]) => run.startsWith(char)),
  ]),
);
const NO_RUNS: typeof MARK_RUNS = [];

type Brace = 'group' | 'text' | 'transparent';

/**
 * Cuts an answer into tokens: LaTeX, Unicode and plain text under one set of names, delimiters of formulas and
 * everything that only changes the look left out.
 */
export function tokenize(text: string, budget: Budget): Token[] {
  budget.spend(text.length >> 2);
  return new Tokenizer(text, budget).run();
}

class Tokenizer {
  readonly #tokens: Token[] = [];
  readonly #braces: Brace[] = [];
  readonly #arguments = new ArgumentSplitter();
  readonly #currency: boolean;
  #at = 0;
  #gap: Gap = '';
  #upright = 0;
  /** Those that are open: whether they align lines, so that `&` means nothing. */
  readonly #environments: boolean[] = [];
  #negate = false;
  /** Formula inside text mode. */
  #inlineFormula = false;

  constructor(
    readonly text: string,
    readonly budget: Budget,
  ) {
    this.#currency = currencyDollars(text);
  }

  run(): Token[] {
    const { text } = this;
    while (this.#at < text.length) this.#step(text.charAt(this.#at));
    this.#push('end', '', this.#at, this.#at);
    return this.#tokens;
  }

  #step(char: string): void {
    const code = char.charCodeAt(0);
    if (code >= 48 && code <= 57) this.#digits();
    else if ((code >= 97 && code <= 122) || (code >= 65 && code <= 90)) this.#letters();
    else if (char === '\\') this.#backslash();
    else if (char === '{') this.#openBrace();
    else if (char === '}') this.#closeBrace();
    else if (char === '$') this.#dollar();
    else if (code <= 32) this.#space();
    else if (code < 128) this.#ascii(char);
    else this.#foreign(char);
  }

  #push(kind: TokenKind, text: string, start: number, end: number): void {
    this.budget.spend(TOKEN_STEPS);
    const upright = this.#upright > 0 && !this.#inlineFormula;
    this.#tokens.push({ kind, text, start, end, gap: this.#gap, upright });
    this.#gap = '';
    this.#at = end;
  }

  #mark(mark: string, end: number): void {
    if (this.#negate) {
      mark = NEGATED[mark] ?? mark;
      this.#negate = false;
    }
    this.#push('mark', mark, this.#at, end);
  }

  #last(): Token | undefined {
    return this.#tokens[this.#tokens.length - 1];
  }

  #match(pattern: RegExp, at = this.#at): string {
    pattern.lastIndex = at;
    return pattern.exec(this.text)?.[0] ?? '';
  }

  #widen(gap: Gap): void {
    if (this.#gap === 'tight' || this.#gap === 'wide') return;
    if (gap === 'thin' && this.#gap !== '') return;
    this.#gap = gap;
  }

  #space(): void {
    const control = DECODED_ESCAPES[this.text.charAt(this.#at)];
    if (control !== undefined) {
      const name = control + this.#match(LETTERS, this.#at + 1);
      if (name.length > 2 && isCommand(name)) {
        this.#command(name, this.#at + name.length);
        return;
      }
    }
    const run = this.#match(SPACES);
    this.#at += Math.max(run.length, 1);
    this.#widen(run.includes('\n') && this.#environments.length === 0 ? 'wide' : 'space');
  }

  #digits(): void {
    if (this.#arguments.single) {
      this.#push('digits', this.text.charAt(this.#at), this.#at, this.#at + 1);
      this.#arguments.argument();
      return;
    }
    const last = this.#last();
    const before = this.#tokens[this.#tokens.length - 2];
    // `\log_28` is the logarithm of 8 to the base 2.
    const baseOfLog = last?.text === '_' && (before?.text === 'log' || before?.text === 'lg');
    const run = baseOfLog ? this.text.charAt(this.#at) : this.#match(DIGITS);
    this.#push('digits', run, this.#at, this.#at + run.length);
  }

  #letters(): void {
    const start = this.#at;
    const last = this.#last();
    const touches = this.#gap === '' ? last : undefined;
    const run = this.#match(LETTERS);
    if (this.#arguments.single && this.#upright === 0) {
      this.#push('letter', run.charAt(0), start, start + 1);
      this.#arguments.argument();
      return;
    }
    if (last?.kind === 'digits' || last?.text === ')' || last?.text === '(') {
      const meridiem = this.#match(MERIDIEM);
      // `10 am`, `p.m.`: but `2am` could be a product, so without full stops the minutes must be there.
      const timed =
        meridiem.includes('.') ||
        this.#tokens[this.#tokens.length - 2]?.text === ':' ||
        last.kind !== 'digits';
      if (meridiem !== '' && (timed || (this.#gap !== '' && meridiem.length === run.length))) {
        this.#push('word', meridiem.charAt(0).toLowerCase() + 'm', start, start + meridiem.length);
        return;
      }
    }
    if (
      PROGRAM_MODULES.has(run) &&
      this.text.charAt(start + run.length) === '.' &&
      /[a-z]/.test(this.text.charAt(start + run.length + 1))
    ) {
      this.#at = start + run.length + 1;
      return;
    }
    if (touches?.kind === 'digits' && ORDINAL.test(run)) {
      this.#push('word', run, start, start + run.length);
      return;
    }
    if (this.#upright > 0 && !this.#inlineFormula) {
      const kind = run.length > 1 ? 'word' : 'letter';
      const whole = kind === 'word' ? this.#match(WORD) : run;
      this.#push(kind, whole, start, start + whole.length);
      return;
    }
    if (last?.text === '_' && !SUBSCRIPT_WORDS.has(run))
      this.#push('letter', run.charAt(0), start, start + 1);
    else if (last?.text === '^') this.#push('letter', run.charAt(0), start, start + 1);
    else this.#run(run, touches);
  }

  #run(run: string, touches: Token | undefined): void {
    const after = this.#at + run.length;
    // A word with letters outside ASCII, unless those are names such as π: asked first, so that no stretch of such
    // names is looked at again from every letter in it.
    if (this.text.charCodeAt(after) >= 192 && !Object.hasOwn(COMMAND_CHARACTERS, this.text.charAt(after))) {
      const whole = this.#match(WORD);
      if (whole.length > run.length) {
        this.#push('word', whole, this.#at, this.#at + whole.length);
        return;
      }
    }
    const next = this.text.charAt(after);
    const tight =
      (touches !== undefined && touches.kind !== 'word' && touches.text !== ',') ||
      next === '^' ||
      next === '_' ||
      next === '(' ||
      (next >= '0' && next <= '9');
    for (const piece of splitRun(run, tight)) {
      this.#push(piece.length > 1 ? 'word' : 'letter', piece, this.#at, this.#at + piece.length);
    }
  }

  #ascii(char: string): void {
    const { text } = this;
    const at = this.#at;
    if (char === '~') {
      if (text.charAt(at + 1) === '=') return this.#mark('~', at + 2);
      this.#at++;
      return this.#widen('thin');
    }
    if (char === '[' && this.#last()?.text === 'sqrt' && this.#arguments.single) this.#arguments.openIndex();
    if (char === ']' && this.#arguments.closeIndex()) return this.#mark(']', at + 1);
    if (char === '!' && text.charAt(at + 1) === '=' && text.charAt(at + 2) === '=')
      return this.#mark('!', at + 1);
    for (const [run, mark] of RUNS_BY_CHARACTER.get(char) ?? NO_RUNS) {
      if (text.startsWith(run, at)) return this.#mark(mark, at + run.length);
    }
    if (char === '"' || char === '`' || (char === '&' && this.#environments.at(-1))) {
      this.#at++;
      return;
    }
    this.#mark(char, at + 1);
    if (this.#arguments.single && char !== '(' && char !== '[' && char !== '-' && char !== '+')
      this.#arguments.argument();
  }

  #foreign(char: string): void {
    const at = this.#at;
    const end = at + 1;
    if (Object.hasOwn(MARK_CHARACTERS, char)) return this.#mark(MARK_CHARACTERS[char] ?? char, end);
    if (Object.hasOwn(SUPERSCRIPTS, char)) return this.#script('^', SUPERSCRIPTS);
    if (Object.hasOwn(SUBSCRIPTS, char)) return this.#script('_', SUBSCRIPTS);
    const fraction = VULGAR_FRACTIONS[char];
    if (fraction !== undefined) {
      this.#push('command', 'frac', at, end);
      for (const part of fraction) this.#push('digits', part, at, end);
      return;
    }
    if (Object.hasOwn(COMMAND_CHARACTERS, char)) {
      const name = COMMAND_CHARACTERS[char] ?? char;
      // √12 is the root of 12, unlike \sqrt12.
      this.#arguments.command(0);
      return this.#push('command', name, at, end);
    }
    if (this.#match(SPACES) !== '') return this.#space();
    const word = this.#match(WORD);
    if (word !== '') return this.#push(word.length > 1 ? 'word' : 'letter', word, at, at + word.length);
    // Pictures and other characters that mean nothing here, surrogates included.
    this.#push('mark', char, at, end);
  }

  /** A run of raised or lowered characters, as one group. */
  #script(operator: '^' | '_', table: Readonly<Record<string, string>>): void {
    const start = this.#at;
    this.#push('mark', operator, start, start);
    this.#push('mark', '{', start, start);
    for (;;) {
      const plain = table[this.text.charAt(this.#at)];
      if (plain === undefined) break;
      const kind = plain >= '0' && plain <= '9' ? 'digits' : plain >= 'a' ? 'letter' : 'mark';
      const last = this.#last();
      if (kind === 'digits' && last?.kind === 'digits') {
        this.#tokens[this.#tokens.length - 1] = { ...last, text: last.text + plain, end: this.#at + 1 };
        this.#at++;
        this.budget.spend();
      } else this.#push(kind, plain, this.#at, this.#at + 1);
    }
    this.#push('mark', '}', this.#at, this.#at);
  }

  #openBrace(): void {
    // `{,}` is a comma inside a number.
    if (this.text.startsWith('{,}', this.#at)) return this.#push('mark', '{,}', this.#at, this.#at + 3);
    if (this.text.startsWith('{:}', this.#at)) return this.#push('mark', ':', this.#at, this.#at + 3);
    this.#braces.push('group');
    this.#arguments.openBrace();
    this.#push('mark', '{', this.#at, this.#at + 1);
  }

  #closeBrace(): void {
    const brace = this.#braces.pop();
    if (brace === 'text') this.#upright--;
    if (brace === 'group') {
      this.#push('mark', '}', this.#at, this.#at + 1);
      this.#arguments.closeBrace();
      return;
    }
    // A brace too many says nothing.
    this.#at++;
  }

  #dollar(): void {
    const double = this.text.startsWith('$$', this.#at);
    if (this.#currency && !double) return this.#mark('$', this.#at + 1);
    this.#at += double ? 2 : 1;
    if (this.#upright > 0) this.#inlineFormula = !this.#inlineFormula;
    this.#widen('space');
  }

  #backslash(): void {
    const { text } = this;
    const at = this.#at;
    const next = text.charAt(at + 1);
    if (next === '\\') {
      const name = this.#match(LETTERS, at + 2);
      // Escaped twice: `\\frac`. Inside a matrix two backslashes end a row.
      if (name !== '' && (this.#environments.length === 0 || name === 'end') && isCommand(name))
        return this.#command(name, at + 2 + name.length);
      const bracket = text.charAt(at + 2);
      if (this.#environments.length === 0 && bracket !== '' && '()[]{}%$'.includes(bracket)) {
        this.#at++;
        return this.#escape(bracket);
      }
      let end = at + 2;
      while (text.charAt(end) === '\\' && !/[a-zA-Z]/.test(text.charAt(end + 1))) end++;
      return this.#mark('\\\\', end);
    }
    const name = this.#match(LETTERS, at + 1);
    if (name !== '') return this.#command(name, at + 1 + name.length);
    this.#escape(next);
  }

  /** A backslash before one character that is no letter. */
  #escape(char: string): void {
    const end = Math.min(this.#at + 2, this.text.length);
    const gap = GAP_COMMANDS[char];
    if (gap !== undefined) {
      this.#at = end;
      this.#widenTo(gap);
    } else if (Object.hasOwn(MARK_ESCAPES, char)) this.#mark(MARK_ESCAPES[char] ?? char, end);
    else this.#at = char.charCodeAt(0) <= 32 ? this.#at + 1 : end;
  }

  #widenTo(gap: Gap): void {
    if (gap === 'tight') this.#gap = 'tight';
    else this.#widen(gap);
  }

  #command(name: string, end: number): void {
    const role = COMMAND_ROLES.get(name);
    switch (role?.role) {
      case 'gap':
        this.#at = end;
        return this.#widenTo(role.gap);
      case 'mark':
        this.#mark(role.mark, end);
        if (this.#arguments.single) this.#arguments.argument();
        return;
      case 'side':
        return this.#side(role.side, end);
      case 'text':
      case 'transparent':
        return this.#style(role.role, end);
      case 'ignored':
        this.#at = end;
        return;
      case 'dropped':
        this.#at = this.#afterGroup(end);
        return;
    }
    const { text } = this;
    if (name === 'not') {
      this.#negate = true;
      this.#at = end;
      return;
    }
    if (name === 'begin') this.#environments.push(ALIGNED_ENVIRONMENTS.has(this.#environmentAt(end)));
    if (name === 'end') this.#environments.pop();
    // \mathbb takes its letter here, so that \mathbb R and \mathbb{R} are one.
    if (name === 'mathbb' || name === 'mathds' || name === 'Bbb') {
      let at = end + this.#match(SPACES, end).length;
      const braced = text.charAt(at) === '{';
      if (braced) at++;
      const letter = text.charAt(at);
      if (letter >= 'A' && letter <= 'Z') {
        at++;
        if (braced && text.charAt(at) === '}') at++;
        else if (braced) this.#braces.push('transparent');
        return this.#push('command', 'mathbb' + letter, this.#at, at);
      }
      this.#at = end;
      return;
    }
    this.#arguments.command(lookUp(ARITY, name) ?? 0);
    this.#push('command', name, this.#at, end);
  }

  #side(side: 'left' | 'right' | 'middle', end: number): void {
    const spaces = this.#match(SPACES, end);
    const at = end + spaces.length;
    const char = this.text.charAt(at);
    this.#at = at;
    if (char === '.') this.#at = at + 1;
    else if (char === '|' && side !== 'middle') this.#mark(side === 'left' ? 'lbar' : 'rbar', at + 1);
    else if (char === '|') this.#mark('mid', at + 1);
    else if (char === '<' && side === 'left') this.#mark('langle', at + 1);
    else if (char === '>' && side === 'right') this.#mark('rangle', at + 1);
  }

  #style(brace: 'text' | 'transparent', end: number): void {
    let at = end;
    if (this.text.charAt(at) === '*') at++;
    at += this.#match(SPACES, at).length;
    if (this.text.charAt(at) !== '{') {
      this.#at = end;
      return;
    }
    this.#braces.push(brace);
    if (brace === 'text') this.#upright++;
    this.#at = at + 1;
  }

  #environmentAt(at: number): string {
    return this.text.charAt(at) === '{' ? this.#match(LETTERS, at + 1) : '';
  }

  /** End of the group that follows, or `at` itself. */
  #afterGroup(at: number): number {
    const { text } = this;
    if (text.charAt(at) !== '{') return at;
    let depth = 0;
    for (let i = at; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code === 123) depth++;
      else if (code === 125 && --depth === 0) return i + 1;
    }
    return text.length;
  }
}

function isCommand(name: string): boolean {
  return (
    COMMAND_ROLES.has(name) ||
    Object.hasOwn(ARITY, name) ||
    isName(name) ||
    name === 'begin' ||
    name === 'end' ||
    name.startsWith('mathbb')
  );
}
