import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Document } from 'yaml';
import { DoppioError } from '../errors/doppio-error.js';
import { formatPath, type Path } from '../errors/path.js';
import { errorText } from '../errors/show-value.js';
import { scanJson, type Lines } from './parse-json.js';
import { yamlDepthExceeds } from './yaml-depth.js';

/** More uses of anchors than any honest configuration has. */
const MAX_ALIASES = 100;
const MAX_DEPTH = 64;

/** The value of a text, and where each of its keys stands. */
export interface Parsed {
  readonly value: unknown;
  readonly lines: Lines;
}

/** @throws DoppioError CONFIG_SYNTAX with line and column */
export function parseJson(text: string, file: string): Parsed {
  const scanned = scanJson(text);
  if ('lines' in scanned) return { value: JSON.parse(text), lines: scanned.lines };
  const { problem } = scanned;
  throw syntax(file, 'JSON', `${problem.reason} (line ${problem.line}, column ${problem.column})`, problem);
}

/**
 * YAML 1.2, data only: tags that are not part of its core schema are errors, and so are equal keys.
 * @throws DoppioError CONFIG_SYNTAX with line and column where there is one
 */
export function parseYaml(text: string, file: string): Parsed {
  if (yamlDepthExceeds(text, MAX_DEPTH))
    throw syntax(file, 'YAML', `values are nested more than ${MAX_DEPTH} deep`);
  const lineCounter = new LineCounter();
  let document;
  try {
    document = parseDocument(text, {
      schema: 'core',
      uniqueKeys: true,
      prettyErrors: true,
      logLevel: 'error',
      lineCounter,
    });
  } catch (error) {
    throw syntax(file, 'YAML', errorText(error));
  }
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) {
    const [start] = problem.linePos ?? [];
    const place = start === undefined ? undefined : { line: start.line, column: start.col };
    // prettyErrors appends "at line x, column y:" and the text around it
    const reason = problem.message.split(/ at line \d+/)[0] ?? problem.message;
    throw syntax(
      file,
      'YAML',
      place === undefined ? reason : `${reason} (line ${place.line}, column ${place.column})`,
      place,
    );
  }
  try {
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    return { value, lines: yamlLines(document, lineCounter) };
  } catch (error) {
    throw syntax(file, 'YAML', errorText(error));
  }
}

/** Of keys that are written out; what an alias stands for has the line of the alias. */
function yamlLines(document: Document, counter: LineCounter): Lines {
  const lines = new Map<string, number>();
  const note = (path: Path, range: readonly number[] | null | undefined): void => {
    if (range?.[0] !== undefined) lines.set(formatPath(path), counter.linePos(range[0]).line);
  };
  const visit = (node: unknown, path: Path): void => {
    if (isSeq(node)) {
      for (const [i, item] of node.items.entries()) {
        note([...path, i], (item as { readonly range?: readonly number[] } | null)?.range);
        visit(item, [...path, i]);
      }
    }
    if (!isMap(node)) return;
    for (const { key, value } of node.items) {
      if (!isScalar(key)) continue;
      const here = [...path, String(key.value)];
      note(here, key.range);
      visit(value, here);
    }
  };
  visit(document.contents, []);
  return lines;
}

function syntax(
  file: string,
  format: string,
  seen: string,
  place?: { readonly line: number; readonly column: number },
): DoppioError {
  return new DoppioError('CONFIG_SYNTAX', {
    what: `The configuration file is not valid ${format}.`,
    where: place === undefined ? file : `${file}:${place.line}:${place.column}`,
    seen,
    fix: 'Correct the file.',
  });
}
