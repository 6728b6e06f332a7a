import { defineConfig } from 'vitest/config';

// Tests run on the TypeScript sources of every package ("doppio:source"), so that none has to be rebuilt.
export default defineConfig({
  resolve: { conditions: ['doppio:source'] },
  ssr: { resolve: { conditions: ['doppio:source', 'node', 'import', 'default'] } },
  test: {
    include: ['packages/**/src/**/*.test.ts', 'packages/**/test/**/*.test.ts', 'examples/**/*.test.ts'],
    // Type tests: what must not compile does not.
    typecheck: {
      enabled: true,
      include: ['packages/**/src/**/*.test-d.ts'],
      tsconfig: './tsconfig.test.json',
    },
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
