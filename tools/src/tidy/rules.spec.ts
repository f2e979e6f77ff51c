import { faultsIn } from './rules.js';

const faults = (path: string, text = '') =>
  faultsIn([{ path, text }]).map(({ message }) => message);

describe('the rules of the house', () => {
  it('find nothing in a plain file', () => {
    expect(faults('apps/grading/src/domain/score.ts', 'export const one = 1;\n')).toEqual([]);
  });
  it.each([
    ['libs/kernel/src/utils.ts', ''],
    ['apps/grading/src/managers/x.ts', ''],
    ['apps/grading/src/services/x.ts', ''],
    ['apps/grading/src/events/attempt-handler.ts', ''],
    ['libs/kernel/src/a.ts', `// ${'TO'}DO later`],
    ['docs/a.md', `see ${'/wo'}rk/main`],
    ['libs/kernel/src/a.ts', 'export default 1;'],
    ['libs/kernel/src/a.spec.ts', "it.only('x', () => {});"],
    ['libs/kernel/src/a.spec.ts', "xit('x', () => {});"],
    ['libs/kernel/src/a.spec.ts', 'await new Promise((resolve) => setTimeout(resolve, 50));'],
    ['libs/kernel/src/a.ts', '// eslint-disable-next-line no-console'],
    ['libs/kernel/src/a.ts', `// @ts-${'ignore'}`],
    ['apps/grading/src/a.ts', 'class Scores extends Store {}'],
  ])('refuse %s: %s', (path, text) => {
    expect(faults(path, text)).not.toEqual([]);
  });
  it('allow a disabled rule that says why', () => {
    expect(faults('libs/kernel/src/a.ts', '// eslint-disable-next-line x -- because')).toEqual([]);
  });
  it('name the line', () => {
    const [fault] = faultsIn([{ path: 'libs/a/src/a.ts', text: `ok\n// @ts-${'ignore'}\n` }]);
    expect(fault?.line).toBe(2);
  });
});
