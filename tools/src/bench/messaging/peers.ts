import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const PEER_FOLDER = new URL('../../../../bench-peers/', import.meta.url);
export const QTI_PEER_FOLDER = new URL('qti/', PEER_FOLDER);

/** Installs the libraries we are measured against, which nothing else needs, on the first run. */
export function installPeers(home = PEER_FOLDER, sample = 'sqs-consumer'): void {
  const folder = fileURLToPath(home);
  if (existsSync(new URL(`node_modules/${sample}`, home))) return;
  console.error('bench: installing the libraries to measure against (once) ...');
  const npm = process.env.npm_execpath;
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const [command, given] = npm?.endsWith('.js')
    ? [process.execPath, [npm, ...args]]
    : ['npm', args];
  // npm should start the Node that will run them.
  const path = `${dirname(process.execPath)}:${process.env.PATH ?? ''}`;
  const { status } = spawnSync(command, given, {
    cwd: folder,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, PATH: path },
  });
  if (status !== 0) throw new Error(`npm ci failed in ${folder}: see above.`);
}
