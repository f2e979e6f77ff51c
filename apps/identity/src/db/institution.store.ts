import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import { currentTraceId } from '@parlance/telemetry';

/** False when the slug is taken. */
export async function insertInstitution(
  tx: Tx,
  institution: { id: Id; slug: string; name: string },
): Promise<boolean> {
  const rows = await tx.query(
    `INSERT INTO institution (institution_id, slug, name, trace_id)
     VALUES ($1, $2, $3, $4) ON CONFLICT (slug) DO NOTHING RETURNING 1`,
    [institution.id, institution.slug, institution.name, currentTraceId()],
  );
  return rows.length > 0;
}

/** The policy `by_slug` shows the row of the slug that is set, whoever's it is. */
export async function institutionIdOfSlug(tx: Tx, slug: string): Promise<Id | undefined> {
  await tx.query(`SELECT set_config('app.institution_slug', $1, true)`, [slug]);
  const [row] = await tx.query<{ id: Id }>(
    'SELECT institution_id AS id FROM institution WHERE slug = $1',
    [slug],
  );
  return row?.id;
}
