import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

const libraries = (...names) => names.map((name) => `type:${name}`);

/** Who may import whom. Anything not named is refused. */
const LAYERS = {
  kernel: [],
  events: libraries('kernel'),
  assessment: libraries('kernel'),
  messaging: libraries('kernel', 'events'),
  telemetry: libraries('kernel'),
  platform: libraries('kernel', 'events', 'messaging', 'telemetry'),
  service: libraries('kernel', 'events', 'assessment', 'messaging', 'telemetry', 'platform'),
  tool: libraries('kernel', 'events', 'assessment', 'messaging', 'telemetry'),
};

const boundaries = {
  enforceBuildableLibDependency: false,
  allowCircularSelfDependency: true,
  banTransitiveDependencies: false,
  depConstraints: Object.entries(LAYERS).map(([type, allowed]) => ({
    sourceTag: `type:${type}`,
    onlyDependOnLibsWithTags: allowed,
  })),
};

/** Services have no entry point to import, so the project graph does not see such an import. */
const noService = {
  patterns: [
    {
      regex:
        '^@parlance/(gateway|identity|content|assignments|grading|gradebook|lti|oncall|web)(/|$)',
      message: 'A service is never imported: what others may know of it are its events.',
    },
  ],
};

/** The domain decides; it reads no clock, no database and no framework. */
const pureDomain = {
  patterns: [
    {
      regex: '^(?!@parlance/(kernel|assessment)$|\\.{1,2}/)',
      message: 'src/domain imports @parlance/kernel, @parlance/assessment and its own files only.',
    },
    {
      regex: '^\\.\\./(db|http|events|domain/\\.\\.)',
      message: 'src/domain does not know tables, HTTP or events.',
    },
  ],
};

export default tseslint.config(
  { ignores: ['**/dist/', '.nx/', '.parlance/', 'libs/api-client/'] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': ['error', boundaries],
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
      'no-restricted-imports': ['error', noService],
      'no-console': 'error',
      eqeqeq: 'error',
      'max-lines': ['error', { max: 300, skipBlankLines: false, skipComments: false }],
    },
  },
  {
    files: ['apps/*/src/domain/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: { 'no-restricted-imports': ['error', pureDomain] },
  },
  {
    files: ['**/*.ts'],
    ignores: ['**/*.spec.ts', '**/test/**', '**/db/migrations/**'],
    rules: {
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['tools/**/*.ts', 'tools/*.mjs', 'libs/platform/src/service.ts', 'apps/*/src/main.ts'],
    languageOptions: { globals: { console: 'readonly', process: 'readonly' } },
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: { globals: { console: 'readonly', process: 'readonly' } },
  },
);
