import pg from 'pg';

/**
 * Effects in PostgreSQL as users of these libraries write them: a table of ids that were seen, in
 * the transaction of the effect.
 */
export function effects({ database, settings }) {
  if (database === undefined) return undefined;
  const pool = new pg.Pool({
    connectionString: database.ownerUrl,
    max: settings.connections ?? 10,
  });
  return {
    one: (event) => inTransaction(pool, (client) => applyOne(client, event)),
    batch: (events) => inTransaction(pool, (client) => applyBatch(client, events)),
    end: () => pool.end(),
  };
}

async function inTransaction(pool, work) {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await work(client);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}

async function applyOne(client, { id, tenant, subject, data }) {
  const { rowCount } = await client.query(
    'INSERT INTO seen_message (id) VALUES ($1) ON CONFLICT DO NOTHING',
    [id],
  );
  if (rowCount === 0) return;
  await client.query(
    'INSERT INTO effect (event_id, institution_id, subject, points) VALUES ($1, $2, $3, $4)',
    [id, tenant, subject, data.points],
  );
}

/** Prepared, because it is the same text every time and this is the best that can be done. */
async function applyBatch(client, events) {
  const { rows } = await client.query({
    name: 'seen',
    text: `INSERT INTO seen_message (id) SELECT unnest($1::uuid[])
           ON CONFLICT DO NOTHING RETURNING id`,
    values: [events.map(({ id }) => id)],
  });
  const fresh = new Set(rows.map(({ id }) => id));
  const left = events.filter(({ id }) => fresh.has(id));
  if (left.length === 0) return;
  await client.query({
    name: 'effect',
    text: `INSERT INTO effect (event_id, institution_id, subject, points)
           SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int[])`,
    values: [
      left.map(({ id }) => id),
      left.map(({ tenant }) => tenant),
      left.map(({ subject }) => subject),
      left.map(({ data }) => data.points),
    ],
  });
}
