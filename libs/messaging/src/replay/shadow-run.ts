import type { Tx } from '../transaction.js';
import type { Admission } from './admission.store.js';

/** A handler wrote a table in use while it should have written the shadow alone. */
export class WroteBeside extends Error {
  override readonly name = 'WroteBeside';
}

/**
 * Runs work with the shadow's tables in place of those in use: the same SQL, found under the same
 * names in another schema. PostgreSQL plans prepared statements anew when the search path differs.
 * What was to happen after the commit does not happen: the live run has seen to it.
 */
export async function inShadow(
  tx: Tx,
  { rebuild, type }: { rebuild: Admission; type: string },
  work: (shadow: Tx) => Promise<void>,
): Promise<void> {
  const { schemaName } = rebuild;
  if (!/^rebuild_[0-9a-f]{32}$/.test(schemaName ?? '')) throw new Error('There is no shadow.');
  const before = await writes(tx);
  const [path] = await tx.query<{ path: string }>(`SELECT current_setting('search_path') AS path`);
  await setPath(tx, `${schemaName}, public`);
  await work({ query: (sql, params) => tx.query(sql, params) });
  await setPath(tx, path?.path ?? 'public');
  const after = await writes(tx);
  const beside = [...after].find(([table, count]) => count !== (before.get(table) ?? 0));
  if (beside === undefined) return;
  throw new WroteBeside(
    `The handler of ${type} writes ${beside[0]}, which the rebuild does not name.`,
  );
}

function setPath(tx: Tx, path: string): Promise<unknown> {
  return tx.query(`SELECT set_config('search_path', $1::text, true)`, [path]);
}

/** Rows this transaction has written so far, by table in use; messaging's own left out. */
async function writes(tx: Tx): Promise<Map<string, number>> {
  const rows = await tx.query<{ name: string; count: number | string }>(WRITES);
  return new Map(rows.map(({ name, count }) => [name, Number(count)]));
}

const WRITES = `
SELECT name, count FROM (
  SELECT c.relname AS name,
         pg_stat_get_xact_tuples_inserted(c.oid) + pg_stat_get_xact_tuples_updated(c.oid)
           + pg_stat_get_xact_tuples_deleted(c.oid) AS count
    FROM pg_class c
   WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
     AND c.relname !~ '^(inbox|outbox|replay)_?'
) written WHERE count > 0`;
