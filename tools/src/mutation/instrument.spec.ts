import { SWITCH, instrument } from './instrument.js';

const changesOf = (code: string) =>
  instrument('a.ts', code, 1).mutants.map(
    ({ original, replacement }) => `${original} -> ${replacement}`,
  );

test.each<[string, string[]]>([
  ['const a = b < c;', ['b < c -> true', 'b < c -> false', 'b < c -> b <= c', 'b < c -> b >= c']],
  ['const a = b && c;', ['b && c -> true', 'b && c -> false', 'b && c -> b || c']],
  ['const a = b + 1;', ['b + 1 -> b - 1']],
  ["const a = 'b' + c;", ['\'b\' -> ""']],
  ['a += 1;', ['a += 1 -> a -= 1']],
  ['const a = !b;', ['!b -> b']],
  ['const a = true;', ['true -> false']],
  ["const a = '';", ['\'\' -> "mutated"']],
  ['const a = [1];', ['[1] -> []']],
  ['const a = { b: 1 };', ['{ b: 1 } -> {}']],
  ['const a = (b) => b;', ['(b) => b -> () => undefined']],
  ['const a = b ?? c;', ['b ?? c -> b && c']],
  ['const a = b?.c.d;', ['b?.c.d -> b.c.d']],
  ['const a = b.some(c);', ['b.some(c) -> b.every(c)']],
  ['const a = b.filter(c);', ['b.filter(c) -> b']],
  [
    'const a = /^[a]+$/;',
    ['/^[a]+$/ -> /[a]+$/', '/^[a]+$/ -> /^[a]+/', '/^[a]+$/ -> /^[^a]+$/', '/^[a]+$/ -> /^[a]$/'],
  ],
  ['if (a) b();', ['a -> true', 'a -> false']],
  ['function f() { g(); }', ['{ g(); } -> {}']],
  ["import { a } from 'b'; export * from 'c'; type D = 'e'; interface F { g: 'h' }", []],
  ['const { a: b } = c; [d, e] = [e, d];', ['[e, d] -> []']],
])('%s', (code, expected) => {
  expect(changesOf(code).toSorted()).toEqual(expected.toSorted());
});

test('a mutant says where it is', () => {
  const [mutant] = instrument('src/a.ts', 'const x = 1;\n  f(true);', 7).mutants;
  expect(mutant).toMatchObject({ id: 7, file: 'src/a.ts', line: 2, column: 5, kind: 'boolean' });
});

const CODE = `
function describe(n: number): string {
  const words: string[] = [];
  if (n > 1 && n !== 3) words.push('several');
  switch (n) {
    case 0:
      return 'none';
    default:
      return words.at(0)?.toUpperCase() ?? 'few';
  }
}
`;

/** Runs the instrumented code with one mutant switched on. */
function run(on: number, n: number): unknown {
  const { code } = instrument('a.ts', CODE, 1);
  const body = `${code}; return describe(n);`;
  return new Function(SWITCH, 'n', body)((id: number) => id === on, n) as unknown;
}

test('with no mutant on, the code does what it did', () => {
  expect([0, 1, 2, 3].map((n) => run(0, n))).toEqual(['none', 'few', 'SEVERAL', 'few']);
});

test('each mutant changes what it says and nothing else', () => {
  const { mutants } = instrument('a.ts', CODE, 1);
  const on = (original: string, replacement: string) =>
    mutants.find((one) => one.original === original && one.replacement === replacement)?.id ?? -1;
  expect(run(on('n !== 3', 'true'), 3)).toBe('SEVERAL');
  expect(run(on('n > 1', 'n >= 1'), 1)).toBe('SEVERAL');
  expect(run(on("'none'", '""'), 0)).toBe('');
  expect(run(on('[]', '["mutated"]'), 1)).toBe('MUTATED');
  expect(() => run(on('words.at(0)?.toUpperCase()', 'words.at(0).toUpperCase()'), 1)).toThrow();
  const emptied = mutants.find(({ kind }) => kind === 'case')?.id ?? -1;
  expect(run(emptied, 0)).toBe('few');
  const block = mutants.find(({ kind }) => kind === 'block')?.id ?? -1;
  expect(run(block, 0)).toBeUndefined();
});
