#!/usr/bin/env node
// Runs a command of the platform from a fresh clone: installs and builds what is missing, then
// hands over to the pinned Node of node_modules. Plain JavaScript that any Node from 18 on runs.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const node = join(root, 'node_modules', 'node', 'bin', 'node');
const stamp = join(root, 'node_modules', '.parlance-lock-hash');
const modules = (...path) => join(root, 'node_modules', ...path);
const tool = (name) => join(root, 'tools', 'dist', 'src', name, 'main.js');

/** What each command runs once everything is built: arguments for the pinned Node. */
const COMMANDS = {
  start: { about: 'starts the whole platform on this machine', run: [tool('start')] },
  demo: { about: 'drives a real English test through the running platform', run: [tool('demo')] },
  trace: { about: 'shows the way of one request over all services', run: [tool('trace')] },
  replay: { about: 'tells history again: repairs or rebuilds a consumer', run: [tool('replay')] },
  deadletters: { about: 'shows, redrives and discards dead letters', run: [tool('deadletters')] },
  bench: { about: 'measures; name a bench, e.g. pipeline', run: [tool('bench')] },
  faults: { about: 'breaks a platform of its own and checks what is left', run: [tool('faults')] },
  test: { about: 'lints, type-checks and runs every test', steps: ['lint', 'tidy', 'jest'] },
  jest: { about: 'runs the tests alone, over what is built', run: jest(), built: true },
  lint: { about: 'checks style and import boundaries', run: [tool('lint')] },
  tidy: { about: 'checks the rules of the house', run: [tool('tidy')] },
  openapi: { about: 'writes docs/openapi from the services', run: [tool('openapi')] },
  contracts: { about: 'checks, registers and documents events', run: [tool('contracts')] },
  mutation: { about: 'asks what the tests would not notice', run: [tool('mutation')] },
  build: { about: 'installs and compiles', steps: [] },
};

function jest() {
  return ['--experimental-vm-modules', '--no-warnings', modules('jest', 'bin', 'jest.js')];
}

function fail(message) {
  console.error(`\n${message}`);
  process.exit(1);
}

function say(message) {
  console.error(`parlance: ${message}`);
}

/** npm ci when the lockfile is not the one node_modules was made from. */
function install() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock && existsSync(node)) return;
  say('installing packages (once; about a minute) ...');
  const npm = process.env.npm_execpath;
  const [command, first] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  const args = [...first, 'ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0)
    fail('npm ci failed: see above. Check the network and the disk, then try again.');
  mkdirSync(modules(), { recursive: true });
  writeFileSync(stamp, lock);
}

function build() {
  const args = [modules('typescript', 'bin', 'tsc'), '-b'];
  const started = Date.now();
  const { status } = spawnSync(node, args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) fail('The build failed: see the errors above.');
  if (Date.now() - started > 5000) say('built.');
}

function run(args) {
  return new Promise((resolve) => {
    const path = `${modules('.bin')}:${process.env.PATH ?? ''}`;
    const child = spawn(node, args, {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, PATH: path },
    });
    // Ctrl-C reaches the whole group; the child decides when it is done. Others are passed on.
    process.on('SIGINT', () => undefined);
    process.on('SIGTERM', () => child.kill('SIGTERM'));
    child.on('error', (error) => fail(`Could not run the pinned Node: ${error.message}`));
    child.on('exit', (code, signal) => resolve(code ?? (signal === null ? 1 : 128)));
  });
}

function usage() {
  const lines = Object.entries(COMMANDS).map(
    ([name, { about }]) => `  npm run ${name.padEnd(11)} ${about}`,
  );
  console.log(
    `Parlance\n\n${lines.join('\n')}\n\nEach takes options after --, e.g. npm run demo -- --help`,
  );
}

const [name, ...rest] = process.argv.slice(2);
const command = COMMANDS[name];
if (command === undefined) {
  usage();
  process.exit(name === undefined || name === '--help' ? 0 : 1);
}
process.chdir(root);
if (command.built !== true || !existsSync(node)) install();
if (command.built !== true) build();
if (command.run !== undefined) process.exit(await run([...command.run, ...rest]));
for (const step of command.steps) {
  say(`${step} ...`);
  const code = await run([...COMMANDS[step].run, ...(step === 'jest' ? rest : [])]);
  if (code !== 0) fail(`${name}: ${step} failed.`);
}
