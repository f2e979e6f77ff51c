import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from '../src/start/layout.js';

/** ESLint over a file that is planted, judged and taken away again. */
function judge(path: string, text: string): { status: number | null; output: string } {
  const file = join(ROOT, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  try {
    const eslint = join(ROOT, 'node_modules', 'eslint', 'bin', 'eslint.js');
    const env = { ...process.env, NX_DAEMON: 'false', NODE_OPTIONS: '' };
    const result = spawnSync(process.execPath, [eslint, file], { cwd: ROOT, env });
    return { status: result.status, output: `${result.stdout}${result.stderr}` };
  } finally {
    rmSync(file);
  }
}

beforeAll(() => {
  // Without a project graph the rule would find nothing, and so prove nothing.
  const nx = join(ROOT, 'node_modules', 'nx', 'dist', 'bin', 'nx.js');
  const env = { ...process.env, NX_DAEMON: 'false', NODE_OPTIONS: '' };
  const { status } = spawnSync(process.execPath, [nx, 'show', 'projects'], { cwd: ROOT, env });
  expect(status).toBe(0);
});

describe('an import that crosses a boundary fails the lint', () => {
  it.each([
    ['a service importing another', 'apps/grading/src/planted.ts', '../../gradebook/src/main.js'],
    ['a library importing upwards', 'libs/events/src/planted.ts', '@parlance/platform'],
    ['assessment doing messaging', 'libs/assessment/src/planted.ts', '@parlance/messaging'],
  ])('%s', (_, path, imported) => {
    const { status, output } = judge(path, `import '${imported}';\n`);
    expect(output).toContain('@nx/enforce-module-boundaries');
    expect(status).toBe(1);
  });

  it('a service importing another by its package name', () => {
    const { status, output } = judge('apps/grading/src/planted.ts', "import '@parlance/lti';\n");
    expect(output).toContain('no-restricted-imports');
    expect(status).toBe(1);
  });

  it('a domain reaching for a framework', () => {
    const text = "import '@nestjs/common';\n";
    const { status, output } = judge('apps/grading/src/domain/planted.ts', text);
    expect(output).toContain('no-restricted-imports');
    expect(status).toBe(1);
  });

  it('and what is allowed passes', () => {
    const text = "import { newId } from '@parlance/kernel';\nexport const id = newId();\n";
    expect(judge('apps/grading/src/planted.ts', text)).toEqual({ status: 0, output: '' });
  });
});
