import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

/**
 * The layers of the workspace, lowest first, and the tags that each may import. A plugin never imports another
 * plugin: what two of them share belongs in a contract of core. Tests are exempt, see `tests`.
 */
const layers = {
  'type:core': [],
  'type:graph': ['type:core'],
  'type:runtime': ['type:core', 'type:graph'],
  'type:models': ['type:core', 'type:graph', 'type:runtime'],
  'type:testing': ['type:core', 'type:graph', 'type:runtime', 'type:models'],
  'type:plugin': ['type:core', 'type:graph', 'type:runtime', 'type:models', 'type:testing'],
  'type:preset': ['type:core'],
  'type:cli': ['*'],
  'type:example': ['*'],
};

/** Third-party packages that exactly one package of ours may touch. */
const owned = [
  { name: 'onnxruntime-node', owner: 'packages/runtime' },
  { name: 'inversify', owner: 'packages/core' },
  { name: 'tsyringe', owner: 'packages/core' },
];

const tests = ['**/*.test.ts', '**/*.test-d.ts', 'packages/**/test/**/*.ts'];

const house = [
  { selector: 'TSEnumDeclaration', message: 'Use a union of string literals.' },
  {
    selector: 'TSInterfaceDeclaration[id.name=/^I[A-Z][a-z]/]',
    message: 'Name an interface after what it is, without an I in front.',
  },
];

/** Rules for the files under `folder`: static and dynamic imports of what another package owns are errors. */
function ownershipRules(folder) {
  const denied = owned
    .filter(({ owner }) => owner !== folder)
    .map(({ name, owner }) => ({
      name,
      message: `Only ${owner} imports ${name}; go through what that package exports.`,
    }));
  return {
    'no-restricted-imports': [
      'error',
      { patterns: denied.map(({ name, message }) => ({ group: [name, `${name}/*`], message })) },
    ],
    'no-restricted-syntax': [
      'error',
      ...house,
      ...denied.map(({ name, message }) => ({
        selector: `ImportExpression[source.value=/^${name}(\\u002f|$)/]`,
        message,
      })),
    ],
  };
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
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      eqeqeq: 'error',
      'prefer-const': 'error',
      ...ownershipRules(undefined),
    },
  },
  ...[...new Set(owned.map(({ owner }) => owner))].map((owner) => ({
    files: [`${owner}/**/*.ts`],
    rules: ownershipRules(owner),
  })),
  {
    files: ['packages/**/*.ts', 'examples/**/*.ts'],
    ignores: tests,
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          // tsc -b builds along project references; nx need not know about it.
          enforceBuildableLibDependency: false,
          depConstraints: Object.entries(layers).map(([sourceTag, onlyDependOnLibsWithTags]) => ({
            sourceTag,
            onlyDependOnLibsWithTags,
          })),
        },
      ],
    },
  },
  {
    files: tests,
    rules: {
      // An index that a test has just checked needs no second check.
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
);
