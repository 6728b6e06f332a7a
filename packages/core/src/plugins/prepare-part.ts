import { droppedKeys, jsonSchemaOf } from '../errors/json-schema.js';
import { formatPath, parsePath, type Path } from '../errors/path.js';
import { schemaProblems, unknownKey, type Problem } from '../errors/schema-problems.js';
import type { ContributedPart } from './contributed-part.js';
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
  const parsed = await definition.options.safeParseAsync(options);
  const problems: Problem[] = [
    ...(parsed.success ? [] : schemaProblems(parsed.error.issues, options, schema)),
    // schemas of careless authors drop unknown keys silently
    ...droppedKeys(schema, options).map((key) => unknownKey(key, schema)),
  ];
  if (problems.length > 0 || !parsed.success) {
    const base: Path = [...(parsePath(path) ?? [path]), 'options'];
    return {
      problems: problems.map(({ path: key, text }) => ({
        label,
        text: `${formatPath([...base, ...key])}: ${text}`,
      })),
    };
  }
  return { token, path, label, given: false, create: (context) => definition.create(parsed.data, context) };
}
