import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What other commands need to find a running platform. */
export interface RunFile {
  pid: number;
  gateway: string;
  oncall: string;
  pids: Record<string, number>;
  startedAt: string;
}

const nameIn = (folder: string) => join(folder, 'run.json');

export function writeRunFile(folder: string, run: RunFile): void {
  const name = nameIn(folder);
  // Whole or not at all: others read it whenever they like, as when a service is started again.
  writeFileSync(`${name}.new`, `${JSON.stringify(run, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${name}.new`, name);
}

export function removeRunFile(folder: string): void {
  rmSync(nameIn(folder), { force: true });
}

/** The running platform's file, or undefined when there is none or its process is gone. */
export function readRunFile(folder: string): RunFile | undefined {
  if (!existsSync(nameIn(folder))) return undefined;
  try {
    const run = JSON.parse(readFileSync(nameIn(folder), 'utf8')) as RunFile;
    process.kill(run.pid, 0);
    return run;
  } catch {
    return undefined;
  }
}
