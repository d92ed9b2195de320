import vue from 'eslint-plugin-vue';
import ts from 'typescript-eslint';

const pureRooms = ['shared/**/*.ts', 'electron/core/platforms/**/*.ts'];

export default ts.config(
  { ignores: ['out/', 'dist/', '.cache/', 'node_modules/', 'tests/.work/'] },
  ...ts.configs.strict,
  ...vue.configs['flat/recommended'],
  {
    files: ['**/*.vue'],
    languageOptions: { parserOptions: { parser: ts.parser } },
    // Layout of markup is the formatter's business.
    rules: {
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/html-self-closing': 'off',
      'vue/html-indent': 'off',
      'vue/html-closing-bracket-newline': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/first-attribute-linebreak': 'off',
      // Text from hosts is text, never HTML.
      'vue/no-v-html': 'error',
    },
  },
  {
    rules: {
      'max-lines': ['error', { max: 400 }],
      'no-console': 'error',
      eqeqeq: 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  {
    // Pure rooms have no clock and no dice: what they need is handed to them.
    files: pureRooms,
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'pure rooms have no clock' },
        { object: 'Math', property: 'random', message: 'pure rooms have no dice' },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: 'pure rooms have no clock' },
      ],
    },
  },
  {
    // Programs speak to their terminal.
    files: ['scripts/**', 'bin/**', 'electron/core/serve/**', 'electron/core/cli/**', 'tests/bench/**'],
    rules: { 'no-console': 'off' },
  },
);
