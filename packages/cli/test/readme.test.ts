import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { composeRun } from '@doppio/core';
import { expect, it } from 'vitest';
import { configFromFlags } from '../src/config-flags.js';
import { loadHost } from '../src/host.js';

const root = new URL('../../../', import.meta.url);
const file = fileURLToPath(new URL('examples/compose/doppio.config.ts', root));

it("the README's configuration is the example's, and every part of it is found and its options are right", async () => {
  expect(readFileSync(new URL('README.md', root), 'utf8')).toContain(readFileSync(file, 'utf8'));
  const { config, directory } = await configFromFlags({ config: file, set: [] });
  await using parts = await composeRun(await loadHost(config.plugins, directory), config);
  expect(config.optimizer.options).toEqual({ loss: 'dr_grpo', learningRate: 1e-3 });
  expect(parts).toBeDefined();
});
