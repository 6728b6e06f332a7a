/** Place and reason of a syntax error, counted from 1. */
export interface SyntaxProblem {
  readonly line: number;
  readonly column: number;
  readonly reason: string;
}

const MAX_DEPTH = 200;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
const SPACE = /[ \t\r\n]*/y;

/**
 * First syntax error of a JSON text, or undefined. JSON.parse alone gives no place for many errors and takes the last
 * of two equal keys without a word; here that is an error.
 */
export function jsonProblem(text: string): SyntaxProblem | undefined {
  const scanner = new Scanner(text);
  try {
    scanner.document();
    return undefined;
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    const before = text.slice(0, error.offset);
    const lineStart = before.lastIndexOf('\n') + 1;
    return { line: before.split('\n').length, column: error.offset - lineStart + 1, reason: error.reason };
  }
}

class Stop extends Error {
  constructor(
    readonly offset: number,
    readonly reason: string,
  ) {
    super(reason);
  }
}

class Scanner {
  #at = 0;
  #depth = 0;

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
    if (++this.#depth > MAX_DEPTH) this.#fail(`values are nested more than ${MAX_DEPTH} deep`);
    scan();
    this.#depth--;
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
      this.#value();
    } while (this.#skip(','));
    if (!this.#skip('}')) this.#fail('expected "," or "}"');
  }

  #array(): void {
    this.#at++;
    this.#take(SPACE);
    if (this.#skip(']')) return;
    do this.#value();
    while (this.#skip(','));
    if (!this.#skip(']')) this.#fail('expected "," or "]"');
  }

  #string(expected: string): string {
    const literal = this.#take(STRING);
    if (literal === '')
      this.#fail(
        this.text[this.#at] === '"'
          ? 'this string is not closed or has a bad escape'
          : `expected ${expected}`,
      );
    return JSON.parse(literal) as string;
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
