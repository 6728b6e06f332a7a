import { jsonSchemaOf, type JsonSchema } from '../errors/json-schema.js';
import { valueAt, type Path } from '../errors/path.js';
import { ConfigSchema } from './schema.js';

const INTRODUCTION = `# Configuration

Generated from the configuration schema; do not edit by hand.

A run is configured by \`doppio.config.ts\` (or \`.js\`, \`.mjs\`, \`.json\`, \`.yaml\`, \`.yml\`), for example:

\`\`\`ts
import { defineConfig } from '@doppio/core';

export default defineConfig({
  model: './models/base',
  dataset: { use: 'arithmetic', options: {} },
  rewards: ['arithmetic-answer', { use: 'format', weight: 0.5 }],
  training: { steps: 200, sampling: { maxTokens: 512 } },
});
\`\`\`

Values come from, each over the one before: the defaults below, a preset, the file, \`--set key=value\` (such as
\`--set training.steps=50\` or \`--set rewards.0.weight=2\`; the value is JSON, or else text; a key with odd letters is
quoted, \`--set 'adapter.options.rankPattern["q_proj|v_proj"]=8'\`) and flags of their own.
Objects are merged key by key; lists are replaced whole; a part that is replaced by another one loses its options.
\`doppio config print\` shows every value with its source. A key that is not listed here is an error that names the
nearest one and the file, with the line in JSON and YAML.

A part is named by its id, \`'onnx'\`, or with options, \`{ use: 'onnx', options: { threads: 4 } }\`. In code it may also be
an object that implements the contract; a reward that reads a column which such a dataset lacks does not compile. The
options of each part are listed by \`doppio plugins\`.
`;

/** The text of docs/configuration.md: every key with its type, default and meaning. */
export function configurationReference(): string {
  const schema = jsonSchemaOf(ConfigSchema, 'output');
  const defaults: unknown = ConfigSchema.parse({ model: '-' });
  const rows = keyRows(schema, [], defaults);
  return [INTRODUCTION, '| key | type | default | meaning |', '|---|---|---|---|', ...rows, ''].join('\n');
}

function keyRows(schema: JsonSchema, path: Path, defaults: unknown): readonly string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, inner]) => {
    const here = [...path, key];
    const name = here.join('.').replaceAll('.[]', '[]');
    const nested =
      inner.items?.properties === undefined ? [] : keyRows(inner.items, [...here, '[]'], defaults);
    const own = inner.properties === undefined ? [] : keyRows(inner, here, defaults);
    const isGroup = inner.properties !== undefined;
    const cells = [
      `\`${name}\``,
      typeText(inner),
      isGroup ? '' : defaultText(inner, here, defaults, schema.required?.includes(key) ?? false),
      (inner.description ?? '').replaceAll('|', '\\|'),
    ];
    return [`| ${cells.join(' | ')} |`, ...own, ...nested];
  });
}

function defaultText(schema: JsonSchema, path: Path, defaults: unknown, required: boolean): string {
  const found = path.includes('[]') ? schema.default : (valueAt(defaults, path) ?? schema.default);
  if (path.length === 1 && path[0] === 'model') return 'required';
  if (found === undefined) return required ? 'required' : 'none';
  return `\`${JSON.stringify(found)}\``;
}

function typeText(schema: JsonSchema): string {
  if (schema.properties?.['use'] !== undefined) return 'part';
  if (schema.type === 'array')
    return `list of ${schema.items === undefined ? 'values' : `${typeText(schema.items)}s`}`;
  if (schema.type === undefined) return 'part id';
  const range = rangeText(schema);
  return `${String(schema.type)}${range === '' ? '' : `, ${range}`}`;
}

function rangeText({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema): string {
  const isLimit = (limit: number | undefined): limit is number =>
    limit !== undefined && Math.abs(limit) < Number.MAX_SAFE_INTEGER;
  const bounds = [
    isLimit(minimum) ? `at least ${minimum}` : '',
    isLimit(exclusiveMinimum) ? `above ${exclusiveMinimum}` : '',
    isLimit(maximum) ? `at most ${maximum}` : '',
    isLimit(exclusiveMaximum) ? `below ${exclusiveMaximum}` : '',
  ];
  return bounds.filter((bound) => bound !== '').join(', ');
}
