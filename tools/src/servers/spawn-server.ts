import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface ServerProcess {
  child: ChildProcess;
  /** What it wrote last, for a message when it fails. */
  lastLines(): string[];
  stop(): Promise<void>;
}

const KEPT_LINES = 20;

/** Starts one of this folder's servers and waits until it says it is ready. */
export async function spawnServer(
  name: 'postgres' | 'emulator',
  args: string[],
  env: Record<string, string> = {},
): Promise<ServerProcess> {
  const file = fileURLToPath(new URL(`./${name}.js`, import.meta.url));
  const child = spawn(process.execPath, ['--no-warnings', file, ...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
    env: { ...process.env, ...env },
  });
  const lines: string[] = [];
  const keep = (chunk: Buffer) => {
    lines.push(...chunk.toString('utf8').split('\n').filter(Boolean));
    lines.splice(0, Math.max(0, lines.length - KEPT_LINES));
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      reject(
        new Error(`${name} ended (${signal ?? code}) before it was ready:\n${lines.join('\n')}`),
      );
    });
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    child,
    lastLines: () => [...lines],
    stop: () => {
      child.kill('SIGTERM');
      return exited;
    },
  };
}
