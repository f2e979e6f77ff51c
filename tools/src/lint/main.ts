import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../start/layout.js';

if (process.argv.includes('--help')) {
  console.log('npm run lint\n\nChecks style, formatting and who imports whom.');
  process.exit(0);
}

const bin = (...path: string[]) => join(ROOT, 'node_modules', ...path);

/** The boundary rule passes silently without a project graph, so that is made first. */
const STEPS: [string, string[]][] = [
  ['project graph', [bin('nx', 'dist', 'bin', 'nx.js'), 'show', 'projects']],
  ['eslint', [bin('eslint', 'bin', 'eslint.js'), '.', '--max-warnings=0']],
  ['prettier', [bin('prettier', 'bin', 'prettier.cjs'), '--check', '--log-level=warn', '.']],
];

for (const [name, args] of STEPS) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, NX_DAEMON: 'false', NX_NO_CLOUD: 'true' },
  });
  if (status === 0) continue;
  console.error(`${stdout}${stderr}`);
  console.error(`lint: ${name} failed.`);
  process.exit(1);
}
console.log('lint: ok');
