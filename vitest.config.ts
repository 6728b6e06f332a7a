import { defineConfig } from 'vitest/config';

// Tests run on the TypeScript sources of every package ("doppio:source"), so that none has to be rebuilt.
export default defineConfig({
  resolve: { conditions: ['doppio:source'] },
  ssr: { resolve: { conditions: ['doppio:source', 'node', 'import', 'default'] } },
  test: {
    include: ['packages/**/src/**/*.test.ts', 'packages/**/test/**/*.test.ts', 'examples/**/*.test.ts'],
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
