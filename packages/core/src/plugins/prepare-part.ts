import { hasId, implementsSlot, slotOf } from '../config/slots.js';
import { DoppioError } from '../errors/doppio-error.js';
import { droppedKeys, jsonSchemaOf } from '../errors/json-schema.js';
import { formatPath, parsePath, type Path } from '../errors/path.js';
import { schemaProblems, unknownKey, type Problem } from '../errors/schema-problems.js';
import { errorText, showValue } from '../errors/show-value.js';
import type { ContributedPart } from './contributed-part.js';
import type { PartContext } from './define-plugin.js';
import { partLabel, type PartRequest, type PreparedPart } from './part-request.js';

/** Wrong options of one part. */
export interface OptionProblems {
  readonly problems: readonly { readonly label: string; readonly text: string }[];
}

/** Checks a part's options by its schema. The part is among `candidates`, as `unresolvedParts` saw to. */
export async function preparePart(
  request: PartRequest,
  candidates: readonly ContributedPart[],
): Promise<PreparedPart | OptionProblems> {
  const { token, path, use } = request;
  const label = partLabel(request);
  if (typeof use !== 'string') return { token, path, label, given: true, create: () => use };
  const { definition } = candidates.find((candidate) => candidate.definition.id === use) as ContributedPart;
  const options = request.options ?? {};
  const schema = jsonSchemaOf(definition.options);
  const parsed = await definition.options.safeParseAsync(options).catch((error: unknown) => {
    throw schemaThrew(request, error);
  });
  const problems: Problem[] = [
    ...(parsed.success ? [] : schemaProblems(parsed.error.issues, options, schema)),
    // schemas of careless authors drop unknown keys silently
    ...droppedKeys(schema, options).map((key) => unknownKey(key, schema)),
  ];
  if (problems.length > 0 || !parsed.success) {
    const base: Path = [...(parsePath(path) ?? [path]), 'options'];
    return {
      problems: problems.map(({ path: key, text }) => {
        const written = request.origin?.(['options', ...key]);
        const from = written === undefined ? '' : ` [${written}]`;
        return { label, text: `${formatPath([...base, ...key])}: ${text}${from}` };
      }),
    };
  }
  const create = async (context: PartContext): Promise<unknown> =>
    checkCreated(await definition.create(parsed.data, context), request);
  return { token, path, label, given: false, create };
}

/** What a plugin creates is seen here for the first time: later it would fail somewhere in the middle of a run. */
function checkCreated(value: unknown, request: PartRequest): unknown {
  const slot = slotOf(request.token);
  if (slot === undefined || (implementsSlot(value, slot) && hasId(value))) return value;
  const contract = request.token.description;
  throw new DoppioError('PART_FAILED', {
    what: `${partLabel(request)} was created as something that is no ${contract}.`,
    where: request.path,
    seen: showValue(value),
    fix: `Tell the author of the plugin: \`create\` must return an object with \`id\` and a function \`${slot.method}\`.`,
  });
}

function schemaThrew(request: PartRequest, error: unknown): DoppioError {
  return new DoppioError('OPTIONS_INVALID', {
    what: `The schema of the options of ${partLabel(request)} failed.`,
    where: `${request.path}.options`,
    seen: errorText(error),
    fix: 'Correct the options, or tell the author of the plugin: a schema must report what is wrong, not throw.',
    cause: error,
  });
}
