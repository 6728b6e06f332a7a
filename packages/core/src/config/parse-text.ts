import { parseDocument } from 'yaml';
import { yamlDepthExceeds } from './yaml-depth.js';
import { DoppioError } from '../errors/doppio-error.js';
import { errorText } from '../errors/show-value.js';
import { jsonProblem } from './parse-json.js';

/** More uses of anchors than any honest configuration has. */
const MAX_ALIASES = 100;
const MAX_DEPTH = 64;

/** @throws DoppioError CONFIG_SYNTAX with line and column */
export function parseJson(text: string, file: string): unknown {
  const problem = jsonProblem(text);
  if (problem !== undefined) {
    throw syntax(file, 'JSON', `${problem.reason} (line ${problem.line}, column ${problem.column})`, problem);
  }
  return JSON.parse(text);
}

/**
 * YAML 1.2, data only: tags that are not part of its core schema are errors, and so are equal keys.
 * @throws DoppioError CONFIG_SYNTAX with line and column where there is one
 */
export function parseYaml(text: string, file: string): unknown {
  if (yamlDepthExceeds(text, MAX_DEPTH))
    throw syntax(file, 'YAML', `values are nested more than ${MAX_DEPTH} deep`);
  let document;
  try {
    document = parseDocument(text, {
      schema: 'core',
      uniqueKeys: true,
      prettyErrors: true,
      logLevel: 'error',
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
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    throw syntax(file, 'YAML', errorText(error));
  }
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
