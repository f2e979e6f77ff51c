import { execFileSync } from 'node:child_process';
import { chownSync, closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Arena } from '../arena/arena.js';
import { pause, waitUntil } from '../arena/wait-until.js';
import { CannotInject, type Fault } from './fault.js';
import { accepted, now } from './measures.js';

const TABLESPACE = 'faults_small';
const SIZE = '48m';

/**
 * The tables that a submission writes to lie on a disk of their own, which runs full. The log of
 * the server is elsewhere: with that one full PostgreSQL ends itself, which is another fault.
 */
export const postgresDiskFull: Fault = {
  name: 'postgres-disk-full',
  about: 'the disk of the tables a submission writes to runs full (needs root on Linux)',
  async run(context) {
    const { arena, windowMs } = context;
    const folder = mountSmallDisk(arena);
    let moved: string[] = [];
    try {
      await arena.databases.rows(
        'postgres',
        `CREATE TABLESPACE ${TABLESPACE} LOCATION '${join(folder, 'data')}'`,
      );
      moved = await moveTables(arena, TABLESPACE);
      const ballast = join(folder, 'ballast');
      fill(ballast);
      const began = now();
      const statuses = () => context.history.statuses(began);
      await waitUntil(() => [...statuses().keys()].some((status) => status >= 500), 45_000);
      await pause(windowMs);
      const answers = statuses();
      rmSync(ballast);
      const freeAt = now();
      const works = await waitUntil(() => accepted(context, freeAt) > 0, 30_000);
      const saw = `answers while full: ${describe(answers)}; accepting again: ${works ? 'yes' : 'no'}`;
      const unavailable = answers.get(503) ?? 0;
      const holds = works && unavailable > 0 && !answers.has(500);
      return { injected: { filled: 1, tables: moved.length }, holds, saw };
    } finally {
      rmSync(join(folder, 'ballast'), { force: true });
      if (moved.length > 0) await moveTables(arena, 'pg_default');
      await arena.databases
        .rows('postgres', `DROP TABLESPACE IF EXISTS ${TABLESPACE}`)
        .catch(() => undefined);
      unmount(folder);
    }
  },
};

/** Of a run that is ended in the middle nothing may stay mounted. */
export function unmount(folder: string): void {
  try {
    execFileSync('umount', ['--lazy', folder], { stdio: 'ignore' });
  } catch {
    // It was not mounted.
  }
}

export function smallDiskOf({ layout }: Arena): string {
  return join(layout.folder, 'small-disk');
}

function mountSmallDisk(arena: Arena): string {
  const folder = smallDiskOf(arena);
  mkdirSync(folder, { recursive: true });
  try {
    const id = (flag: string) =>
      Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE},mode=755`, 'tmpfs', folder]);
    mkdirSync(join(folder, 'data'));
    chownSync(join(folder, 'data'), id('-u'), id('-g'));
    return folder;
  } catch {
    unmount(folder);
    throw new CannotInject('mounting a small disk takes root on Linux');
  }
}

/** The tables of a submission that hold rows; new partitions of the day after stay where they are. */
async function moveTables({ databases }: Arena, target: string): Promise<string[]> {
  const tables = await databases.rows<{ name: string }>(
    'assignments',
    `SELECT c.oid::regclass::text AS name FROM pg_class c
      WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
        AND (c.relname = 'attempt' OR c.oid IN (
              SELECT relid FROM pg_partition_tree('outbox') UNION
              SELECT relid FROM pg_partition_tree('response')))
        AND (pg_relation_size(c.oid) > 0 OR c.reltablespace <> 0)`,
  );
  for (const { name } of tables) {
    await databases.rows('assignments', `ALTER TABLE ${name} SET TABLESPACE ${target}`);
    // Packed tight: rows that find room in half-empty pages would not notice the full disk.
    await databases.rows('assignments', `VACUUM FULL ${name}`);
  }
  return tables.map(({ name }) => name);
}

/** Writes until nothing more fits. */
function fill(file: string): void {
  const descriptor = openSync(file, 'w');
  for (const bytes of [1 << 20, 4096, 1]) {
    try {
      for (;;) if (writeSync(descriptor, Buffer.alloc(bytes)) < bytes) break;
    } catch {
      // Full for pieces of this size.
    }
  }
  closeSync(descriptor);
}

function describe(statuses: Map<number, number>): string {
  return [...statuses].map(([status, count]) => `${count} x ${status || 'none'}`).join(', ');
}
