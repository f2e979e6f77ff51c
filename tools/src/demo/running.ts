import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { defaultFolder } from '../start/layout.js';
import { readRunFile, type RunFile } from '../start/run-file.js';
import { type Secrets, secretsIn } from '../start/secrets.js';

export interface RunningPlatform {
  run: RunFile;
  secrets: Secrets;
  /** Stops the platform when this command started it. */
  release(): Promise<void>;
}

export function dataFolder(): string {
  return process.env.PARLANCE_DATA ?? defaultFolder();
}

/** The platform that runs, or one that is started for this command and stopped after it. */
export async function runningPlatform(say: (text: string) => void): Promise<RunningPlatform> {
  const folder = dataFolder();
  const found = readRunFile(folder);
  if (found !== undefined) {
    return { run: found, secrets: secretsIn(folder), release: () => Promise.resolve() };
  }
  say('the platform does not run; starting it for this command');
  const main = fileURLToPath(new URL('../start/main.js', import.meta.url));
  const child = spawn(process.execPath, [main], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  await ready(child);
  const run = readRunFile(folder);
  if (run === undefined) throw new Error('The platform started but left no run file.');
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    run,
    secrets: secretsIn(folder),
    release: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`The platform did not start (code ${code}).`)));
  });
}
