import { readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pause } from './backoff.js';

/**
 * A place where a test may end or stop this process. Does nothing unless PARLANCE_FAILPOINTS names
 * a folder and a file of the point's name lies there. Whoever takes the file away acts on it, so
 * of several processes only one does. What the file says:
 *
 * - nothing, or `kill`: this process ends at once by SIGKILL
 * - `kill 3`: the third to pass is the one that does
 * - `sleep 5000`: this caller alone waits for so many milliseconds
 */
export function failpoint(name: string): Promise<void> | undefined {
  const folder = process.env.PARLANCE_FAILPOINTS;
  return folder ? act(join(folder, name)) : undefined;
}

function act(file: string): Promise<void> | undefined {
  const order = taken(file);
  if (order === undefined) return undefined;
  const [verb, text] = order.trim().split(/\s+/);
  const number = Number(text ?? 1);
  if (verb === 'sleep') return pause(number);
  if (number > 1) writeFileSync(file, `kill ${number - 1}`);
  else process.kill(process.pid, 'SIGKILL');
  return undefined;
}

/** What the file said, if it was us who took it away. */
function taken(file: string): string | undefined {
  try {
    const order = readFileSync(file, 'utf8');
    unlinkSync(file);
    return order;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
