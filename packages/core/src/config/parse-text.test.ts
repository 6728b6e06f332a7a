import { describe, expect, it } from 'vitest';
import { DoppioError } from '../errors/doppio-error.js';
import { scanJson, type SyntaxProblem } from './parse-json.js';
import * as parser from './parse-text.js';

const jsonProblem = (text: string): SyntaxProblem | undefined => {
  const scanned = scanJson(text);
  return 'problem' in scanned ? scanned.problem : undefined;
};
const parseJson = (text: string, file: string): unknown => parser.parseJson(text, file).value;
const parseYaml = (text: string, file: string): unknown => parser.parseYaml(text, file).value;

function failure(work: () => unknown): DoppioError {
  try {
    work();
  } catch (error) {
    if (DoppioError.is(error)) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('scanJson', () => {
  it.each([
    ['{', 1, 2, 'expected a key in double quotes, found the end of the file'],
    ['{\n  "a": 1,\n}', 3, 1, 'expected a key in double quotes, found "}"'],
    ['{"a": 1 "b": 2}', 1, 9, 'expected "," or "}", found "\\""'],
    ['[1, 2', 1, 6, 'expected "," or "]", found the end of the file'],
    ['{"a" 1}', 1, 6, 'expected ":", found "1"'],
    ["{'a': 1}", 1, 2, `expected a key in double quotes, found "'"`],
    ['{"a": "x\n"}', 1, 7, 'this string is not closed or has a bad escape, found "\\""'],
    ['{"a": "\\x"}', 1, 7, 'this string is not closed or has a bad escape, found "\\""'],
    ['{"a": 01}', 1, 8, 'expected "," or "}", found "1"'],
    ['// no comments\n{}', 1, 1, 'expected a value, found "/"'],
    ['{} {}', 1, 4, 'expected the end of the file, found "{"'],
    ['{"a": 1, "b": {"a": 1, "a": 2}}', 1, 24, 'key "a" is there twice'],
    ['{"a": 1, "\\u0061": 2}', 1, 10, 'key "a" is there twice'],
    ['{"a": undefined}', 1, 7, 'expected a value, found "u"'],
  ])('finds the place in %j', (text, line, column, reason) => {
    expect(jsonProblem(text)).toEqual({ line, column, reason });
  });

  it('agrees with JSON.parse on what is JSON', () => {
    const texts = [
      '{}',
      '[]',
      ' [1, -0.5e+3, "a\\n\\u00e9", true, false, null, {"k": [ ]}] \n',
      '"text"',
      '0',
      '-',
      '1.',
      '.5',
      '+1',
      'nul',
      '[1,]',
      '{"a":}',
      '""',
      'tru',
      '1e5',
      '1e',
      '"\t"',
      '',
    ];
    for (const text of texts) {
      const isJson = (() => {
        try {
          JSON.parse(text);
          return true;
        } catch {
          return false;
        }
      })();
      expect([text, jsonProblem(text) === undefined]).toEqual([text, isJson]);
    }
  });

  it('stops at absurd nesting instead of overflowing the stack', () => {
    expect(jsonProblem('['.repeat(200_000))?.reason).toContain('nested more than 200 deep');
  });
});

describe('parseJson', () => {
  it('names file, line and column', () => {
    const error = failure(() => parseJson('{\n  "seed": ,\n}', '/c/doppio.config.json'));
    expect(error.code).toBe('CONFIG_SYNTAX');
    expect(error.facts).toMatchObject({
      where: '/c/doppio.config.json:2:11',
      seen: 'expected a value, found "," (line 2, column 11)',
    });
  });
});

describe('parseYaml', () => {
  it('reads YAML 1.2: `no` is text, and anchors may be used', () => {
    expect(parseYaml('a: no\nb: &x [1, 2]\nc: *x\n', 'f')).toEqual({ a: 'no', b: [1, 2], c: [1, 2] });
  });

  it('names line and column of a syntax error', () => {
    const error = failure(() => parseYaml('seed: 1\nmodel: [a\nout: b\n', '/c/doppio.config.yaml'));
    expect(error.code).toBe('CONFIG_SYNTAX');
    expect(error.facts.where).toMatch(/^\/c\/doppio\.config\.yaml:\d+:\d+$/);
    expect(error.facts.seen).toMatch(/line \d+, column \d+\)$/);
  });

  it.each([
    ['equal keys', 'seed: 1\nseed: 2\n', 'Map keys must be unique'],
    ['a custom tag', 'seed: !!js/function "function () { return 1 }"\n', 'Unresolved tag'],
    ['a local tag', 'seed: !secret x\n', 'Unresolved tag'],
    ['several documents', 'seed: 1\n---\nseed: 2\n', 'multiple documents'],
    ['an unknown anchor', 'seed: *nowhere\n', 'nowhere'],
    ['tabs as indentation', 'training:\n\tsteps: 1\n', 'Tabs are not allowed'],
  ])('refuses %s', (_, text, reason) => {
    const error = failure(() => parseYaml(text, 'f.yaml'));
    expect(error.code).toBe('CONFIG_SYNTAX');
    expect(error.facts.seen).toContain(reason);
  });

  it('refuses a billion laughs, quickly', () => {
    const lines = ['a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]'];
    for (let i = 1; i < 10; i++)
      lines.push(`a${i}: &a${i} [${Array.from({ length: 10 }, () => `*a${i - 1}`).join(', ')}]`);
    const started = performance.now();
    const error = failure(() => parseYaml(lines.join('\n'), 'f.yaml'));
    expect(error.facts.seen).toContain('Excessive alias count');
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it.each([
    ['brackets', '['.repeat(200_000)],
    ['braces', '{a: '.repeat(100_000)],
    ['dashes', '- '.repeat(20_000)],
    ['question marks', '? '.repeat(20_000)],
    ['indentation', Array.from({ length: 300 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
  ])('stops at absurd nesting of %s instead of overflowing the stack', (_, text) => {
    const error = failure(() => parseYaml(text, 'f.yaml'));
    expect(error.code).toBe('CONFIG_SYNTAX');
    expect(error.facts.seen).toContain('nested more than 64 deep');
  });

  it('takes nesting that people write', () => {
    const text = Array.from({ length: 60 }, (_, i) => `${' '.repeat(i)}a:`).join('\n');
    expect(JSON.stringify(parseYaml(text, 'f.yaml'))).toMatch(/^(\{"a":){60}null\}+$/);
  });
});
