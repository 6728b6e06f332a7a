import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { jsonSchemaOf, type JsonSchema } from '../errors/json-schema.js';
import { configurationReference } from './reference.js';
import { ConfigSchema } from './schema.js';

function undescribed(schema: JsonSchema, path: string): readonly string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, inner]) => [
    ...(inner.description === undefined || inner.description === '' ? [`${path}${key}`] : []),
    ...undescribed(inner, `${path}${key}.`),
    ...undescribed(inner.items ?? {}, `${path}${key}[].`),
  ]);
}

describe('configurationReference', () => {
  it('finds a description at every key', () => {
    expect(undescribed(jsonSchemaOf(ConfigSchema, 'output'), '')).toEqual([]);
  });

  it('gives type, range and default', () => {
    const text = configurationReference();
    expect(text).toContain('| `seed` | integer, at least 0 | `0` | Decides every random number of the run |');
    expect(text).toContain('| `training.sampling.topP` | number, above 0, at most 1 | `1` |');
    expect(text).toContain('| `rewards[].weight` | number | `1` |');
    expect(text).toContain('| `policy.use` | part id | `"onnx"` |');
    expect(text).toContain('| `model` | string | required |');
  });

  it('is what docs/configuration.md says; `npx vitest run packages/core/src/config/reference -u` writes it', async () => {
    const file = fileURLToPath(new URL('../../../../docs/configuration.md', import.meta.url));
    await expect(configurationReference()).toMatchFileSnapshot(file);
  });
});
