import { isSpace, isWordBoundary, skipSpaces } from './characters.js';

/** A text that is being rewritten. */
export class Scan {
  readonly text: string;
  #spacesEnds: Int32Array | undefined;

  constructor(text: string) {
    this.text = text;
  }

  /** End of the white space at `position`, in constant time however long it is. */
  spacesEnd(position: number): number {
    if (!isSpace(this.text.charCodeAt(position))) return position;
    return (this.#spacesEnds ??= findSpacesEnds(this.text))[position] ?? position;
  }
}

function findSpacesEnds(text: string): Int32Array {
  const ends = new Int32Array(text.length);
  for (let position = 0; position < text.length;) {
    const end = skipSpaces(text, position);
    ends.fill(end, position, end);
    position = Math.max(end, position + 1);
  }
  return ends;
}

/** One step of a pattern. */
export interface Step {
  /** The position after the step; -1 where it fails. */
  readonly match: (scan: Scan, position: number) => number;
  /** Characters with which the step may start; `any space` stands for all white space. */
  readonly starts: readonly string[];
  /** Whether it may match nothing, so that the next step may be the one that starts. */
  readonly empty: boolean;
}

/** A step: words stand for the first of them that matches. */
export type Part = string | readonly string[] | Step;

export interface Rewriting {
  readonly name: string;
  readonly pattern: readonly Part[];
  /** What takes its place: a text, or made from what was matched. */
  readonly to: string | ((matched: string) => string);
}

const ANY_SPACE = 'any space';

/** White space or nothing. */
export const spaces: Step = {
  match: (scan, position) => scan.spacesEnd(position),
  starts: [ANY_SPACE],
  empty: true,
};

/** One white space character. */
export const space: Step = {
  match: (scan, position) => (isSpace(scan.text.charCodeAt(position)) ? position + 1 : -1),
  starts: [ANY_SPACE],
  empty: false,
};

export const wordBoundary: Step = condition((text, position) => isWordBoundary(text, position));

export function maybe(word: string): Step {
  return {
    match: (scan, position) => (scan.text.startsWith(word, position) ? position + word.length : position),
    starts: [word[0] ?? ''],
    empty: true,
  };
}

/** Matches nothing, where `holds`. */
export function condition(holds: (text: string, position: number) => boolean): Step {
  return { match: (scan, position) => (holds(scan.text, position) ? position : -1), starts: [], empty: true };
}

export function notAfter(character: string): Step {
  return condition((text, position) => text[position - 1] !== character);
}

/** Rewritings prepared for use. */
export interface Rewriter {
  readonly rewrite: (text: string) => string;
}

/** Goes through a text once, from left to right; at each place the first rewriting that fits is made. */
export function rewriter(rewritings: readonly Rewriting[]): Rewriter {
  const prepared = rewritings.map(({ pattern, to }) => ({ steps: pattern.map(stepOf), to }));
  const byStart = new Map<string, typeof prepared>();
  for (const rewriting of prepared)
    for (const start of startsOf(rewriting.steps))
      byStart.set(start, [...(byStart.get(start) ?? []), rewriting]);
  const mayStart = Uint8Array.from({ length: 0x80 }, (_, code) =>
    byStart.has(isSpace(code) ? ANY_SPACE : String.fromCharCode(code)) ? 1 : 0,
  );
  return {
    rewrite(text) {
      const scan = new Scan(text);
      let out = '';
      let copied = 0;
      for (let position = 0; position < text.length;) {
        const code = text.charCodeAt(position);
        if (mayStart[code] === 0) {
          position++;
          continue;
        }
        const start = isSpace(code) ? ANY_SPACE : (text[position] ?? '');
        const rewriting = byStart.get(start)?.find(({ steps }) => matchSteps(scan, position, steps) >= 0);
        if (!rewriting) {
          position++;
          continue;
        }
        const end = matchSteps(scan, position, rewriting.steps);
        const { to } = rewriting;
        out += text.slice(copied, position) + (typeof to === 'string' ? to : to(text.slice(position, end)));
        copied = position = end;
      }
      return copied === 0 ? text : out + text.slice(copied);
    },
  };
}

function matchSteps(scan: Scan, start: number, steps: readonly Step[]): number {
  let position = start;
  for (const step of steps) {
    position = step.match(scan, position);
    if (position < 0) return -1;
  }
  return position;
}

function stepOf(part: Part): Step {
  if (typeof part !== 'string' && 'match' in part) return part;
  const words: readonly string[] = typeof part === 'string' ? [part] : part;
  return {
    match: (scan, position) => {
      const word = words.find((candidate) => scan.text.startsWith(candidate, position));
      return word === undefined ? -1 : position + word.length;
    },
    starts: words.map((word) => word[0] ?? ''),
    empty: false,
  };
}

function startsOf(steps: readonly Step[]): Set<string> {
  const starts = new Set<string>();
  for (const step of steps) {
    for (const start of step.starts)
      starts.add(start.length === 1 && isSpace(start.charCodeAt(0)) ? ANY_SPACE : start);
    if (!step.empty) break;
  }
  return starts;
}
