import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readRunFile, type RunFile } from '../start/run-file.js';
import { type Secrets, secretsIn } from '../start/secrets.js';

export interface OwnPlatform {
  run: RunFile;
  secrets: Secrets;
  startSeconds: number;
  /** Resident memory of each process in MB. */
  memory(): Record<string, number>;
  stop(): Promise<void>;
}

/** A folder that PostgreSQL's own user can get through to. */
export function dataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'parlance-'));
  chmodSync(folder, 0o755);
  return folder;
}

/** Starts a platform beside any other, on its own ports and data. */
export async function startOwnPlatform(
  folder: string,
  port: number,
  env: Record<string, string> = {},
): Promise<OwnPlatform> {
  const main = fileURLToPath(new URL('../start/main.js', import.meta.url));
  const began = Date.now();
  const args = ['--data', folder, '--port', String(port)];
  const child = spawn(process.execPath, [main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, ...env },
  });
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve());
    void ended.then((code) => reject(new Error(`The platform ended (${code}):\n${output}`)));
  });
  const run = readRunFile(folder);
  if (run === undefined) throw new Error('The platform left no run file.');
  return {
    run,
    secrets: secretsIn(folder),
    startSeconds: (Date.now() - began) / 1000,
    memory: () => memoryOf(folder),
    stop: async () => {
      child.kill('SIGTERM');
      const code = await ended;
      if (code !== 0)
        throw new Error(`The platform ended with code ${code}:\n${output.slice(-2000)}`);
    },
  };
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

function memoryOf(folder: string): Record<string, number> {
  const pids = readRunFile(folder)?.pids ?? {};
  const entries = Object.entries(pids).map(([name, pid]) => [name, residentMb(pid)] as const);
  return Object.fromEntries(entries);
}

/** Linux only; elsewhere NaN. */
function residentMb(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024);
  } catch {
    return Number.NaN;
  }
}
