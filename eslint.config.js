import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

// Nothing here may phone home or leave a daemon behind: the boundary rule only needs the project graph.
process.env['NX_DAEMON'] ??= 'false';
process.env['NX_NO_CLOUD'] ??= 'true';

/** The layers of the workspace, lowest first; each may import itself and those named with it. */
const layers = {
  'type:core': [],
  'type:graph': ['type:core'],
  'type:runtime': ['type:core', 'type:graph'],
  'type:models': ['type:core', 'type:graph', 'type:runtime'],
  'type:testing': ['type:core', 'type:graph', 'type:runtime', 'type:models'],
  'type:plugin': ['type:core', 'type:graph', 'type:runtime', 'type:models', 'type:testing'],
  'type:preset': ['type:core'],
  'type:cli': ['*'],
};

/** Third-party packages that exactly one package of ours may touch. */
const owned = [
  { name: 'onnxruntime-node', owner: 'packages/runtime' },
  { name: 'inversify', owner: 'packages/core' },
  { name: 'tsyringe', owner: 'packages/core' },
];

const tests = ['**/*.test.ts', '**/*.test-d.ts', '**/test/**/*.ts'];

/** The no-restricted-imports setting for files that may import the packages of `owner` (none when undefined). */
function restricted(owner) {
  const denied = owned.filter((entry) => entry.owner !== owner);
  return [
    'error',
    {
      patterns: denied.map(({ name, owner: by }) => ({
        group: [name, `${name}/*`],
        message: `Only ${by} imports ${name}; go through what that package exports.`,
      })),
    },
  ];
}

export default tseslint.config(
  {
    ignores: ['**/dist/**', '**/node_modules/**', '.nx/**', '**/runs/**', '**/coverage/**', '**/fixtures/**'],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strict],
    rules: {
      // `import type` where only the type is used, one statement per kind.
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-explicit-any': 'error',
      eqeqeq: 'error',
      'prefer-const': 'error',
      'no-restricted-imports': restricted(undefined),
      'no-restricted-syntax': [
        'error',
        { selector: 'TSEnumDeclaration', message: 'Use a union of string literals.' },
        {
          selector: 'TSInterfaceDeclaration[id.name=/^I[A-Z][a-z]/]',
          message: 'Name an interface after what it is, without an I in front.',
        },
      ],
    },
  },
  ...[...new Set(owned.map((entry) => entry.owner))].map((owner) => ({
    files: [`${owner}/**/*.ts`],
    rules: { 'no-restricted-imports': restricted(owner) },
  })),
  {
    files: ['packages/**/*.ts', 'examples/**/*.ts'],
    ignores: tests,
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          enforceBuildableLibDependency: false,
          allowCircularSelfDependency: true,
          // Examples carry no tag: they stand for user code and may import every package.
          depConstraints: [
            ...Object.entries(layers).map(([sourceTag, below]) => ({
              sourceTag,
              // A plugin never imports another plugin, a preset never another preset.
              onlyDependOnLibsWithTags: sourceTag === 'type:cli' ? ['*'] : below,
            })),
          ],
        },
      ],
    },
  },
);
