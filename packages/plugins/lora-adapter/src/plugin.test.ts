import { describe, expect, it } from 'vitest';
import { AdapterFactory, API_VERSION, type PartContext, type PartDefinition, type Token } from '@doppio/core';
import plugin from './plugin.js';

describe('the plugin', () => {
  it('contributes adapters that its options configure', async () => {
    const parts = new Map<string, PartDefinition<unknown>>();
    plugin.register({
      contribute: (token, part) => {
        expect((token as Token<unknown>).symbol).toBe(AdapterFactory.symbol);
        parts.set(part.id, part as unknown as PartDefinition<unknown>);
      },
    });
    expect(plugin.api).toBe(API_VERSION);
    expect([...parts.keys()]).toEqual(['lora', 'full']);
    const lora = parts.get('lora') as PartDefinition<unknown>;
    const made = await lora.create(lora.options.parse({ rank: 8, targets: ['q_proj'] }), {} as PartContext);
    expect(made).toMatchObject({
      id: 'lora',
      options: { rank: 8, alpha: 32, targets: ['q_proj'], rsLora: false },
    });
    expect(lora.options.safeParse({ r: 8 }).success).toBe(false);
    expect(lora.options.safeParse({ rank: 1.5 }).success).toBe(false);
    const full = parts.get('full') as PartDefinition<unknown>;
    expect(await full.create(full.options.parse({}), {} as PartContext)).toMatchObject({ id: 'full' });
  });
});
