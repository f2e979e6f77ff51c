import { isChosen, mutationOptions } from './options.js';
import { scoreOf, table, tallyOf, unnoticed } from './report.js';
import type { Fate } from './run-mutants.js';

const judged = (file: string, ...fates: Fate[]) =>
  fates.map((fate, index) => ({
    fate,
    mutant: {
      id: index + 1,
      file,
      line: 3,
      column: 5,
      kind: 'boolean',
      original: 'true',
      replacement: 'false',
    },
  }));

test('what no test reached counts as not noticed, what timed out as noticed', () => {
  const tally = tallyOf('a.ts', judged('a.ts', 'killed', 'timed out', 'survived', 'not covered'));
  expect(scoreOf(tally)).toBe(50);
  expect(scoreOf(tallyOf('b.ts', []))).toBe(100);
});

test('every survivor has a line, and every file, the worst first', () => {
  const all = [...judged('good.ts', 'killed'), ...judged('bad.ts', 'survived')];
  expect(unnoticed(all)).toBe('bad.ts:3:5  boolean, survived: true  ->  false');
  const lines = table(all)
    .split('\n')
    .map((line) => line.split(/\s+/)[0]);
  expect(lines).toEqual(['file', 'bad.ts', 'good.ts', 'all']);
});

test('files are chosen by folder and by part of their path', () => {
  const chosen = (path: string, ...args: string[]) => isChosen(path, mutationOptions(args));
  expect(chosen('src/scoring/key.ts')).toBe(true);
  expect(chosen('src/grades/drops.ts')).toBe(false);
  expect(chosen('src/grades/drops.ts', '--folder', 'grades')).toBe(true);
  expect(chosen('src/scoring/key.ts', '--file', 'values')).toBe(false);
  expect(chosen('src/scoring/parts/order.ts', '--file', 'parts/')).toBe(true);
});

test('options that make no sense are refused', () => {
  expect(() => mutationOptions(['--workers', '0'])).toThrow('--workers');
  expect(() => mutationOptions(['--threshold', 'x'])).toThrow('--threshold');
  expect(() => mutationOptions(['--nothing'])).toThrow();
});
