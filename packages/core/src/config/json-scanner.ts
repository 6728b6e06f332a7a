import { formatPath } from '../errors/path.js';

const MAX_DEPTH = 200;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
const SPACE = /[ \t\r\n]*/y;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Below it are control characters, which strings may hold as escapes only. */
const SPACE_CODE = 0x20;

/** Where scanning ended, and why. */
export class Stop extends Error {
  constructor(
    readonly offset: number,
    readonly reason: string,
  ) {
    super(reason);
  }
}

/** Walks a JSON text by its grammar, and notes where each key and item begins. @throws Stop at the first error */
export class Scanner {
  /** In the order of the text. */
  readonly places: { readonly path: string; readonly offset: number }[] = [];
  #at = 0;
  readonly #path: (string | number)[] = [];

  constructor(readonly text: string) {}

  document(): void {
    this.#value();
    if (this.#at < this.text.length) this.#fail('expected the end of the file');
  }

  #value(): void {
    this.#take(SPACE);
    const next = this.text[this.#at];
    if (next === '{') this.#nested(() => this.#object());
    else if (next === '[') this.#nested(() => this.#array());
    else if (next === '"') this.#string('a string');
    else if (this.#take(NUMBER) === '' && this.#take(WORD) === '') this.#fail('expected a value');
    this.#take(SPACE);
  }

  #nested(scan: () => void): void {
    if (this.#path.length >= MAX_DEPTH) this.#fail(`values are nested more than ${MAX_DEPTH} deep`);
    scan();
  }

  #member(part: string | number, offset: number): void {
    this.#path.push(part);
    this.places.push({ path: formatPath(this.#path), offset });
    this.#value();
    this.#path.pop();
  }

  #object(): void {
    const keys = new Set<string>();
    this.#at++;
    this.#take(SPACE);
    if (this.#skip('}')) return;
    do {
      this.#take(SPACE);
      const start = this.#at;
      const key = this.#string('a key in double quotes');
      if (keys.has(key)) throw new Stop(start, `key ${JSON.stringify(key)} is there twice`);
      keys.add(key);
      this.#take(SPACE);
      if (!this.#skip(':')) this.#fail('expected ":"');
      this.#member(key, start);
    } while (this.#skip(','));
    if (!this.#skip('}')) this.#fail('expected "," or "}"');
  }

  #array(): void {
    this.#at++;
    this.#take(SPACE);
    if (this.#skip(']')) return;
    let index = 0;
    do {
      this.#take(SPACE);
      this.#member(index++, this.#at);
    } while (this.#skip(','));
    if (!this.#skip(']')) this.#fail('expected "," or "]"');
  }

  #string(expected: string): string {
    const { text } = this;
    if (text[this.#at] !== '"') this.#fail(`expected ${expected}`);
    // By hand: a pattern for all of it would use up the stack on a long text.
    let end = this.#at + 1;
    for (let code = text.charCodeAt(end); code !== QUOTE && code >= SPACE_CODE; code = text.charCodeAt(end))
      end += code === BACKSLASH ? 2 : 1;
    try {
      const value: unknown = JSON.parse(text.slice(this.#at, end + 1));
      this.#at = end + 1;
      return value as string;
    } catch {
      return this.#fail('this string is not closed or has a bad escape');
    }
  }

  /** Consumes what the sticky pattern matches here. */
  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }

  #skip(character: string): boolean {
    if (this.text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #fail(reason: string): never {
    const seen = this.text[this.#at];
    throw new Stop(
      this.#at,
      `${reason}, found ${seen === undefined ? 'the end of the file' : JSON.stringify(seen)}`,
    );
  }
}
