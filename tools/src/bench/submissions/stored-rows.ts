import type pg from 'pg';

/** Attempts that one statement copies: some seconds each, so that progress shows. */
const BATCH = 25_000;
const YEAR_SECONDS = 365 * 24 * 3600;

/** The columns of a copy that differ from the row it is copied from, as SQL over `c`. */
type Overrides = Record<string, string>;

/**
 * Copies rows of one real attempt over and over as if it had been taken by many learners over the
 * last year. What a row holds stays as the platform itself wrote it.
 */
export class StoredRows {
  constructor(
    private readonly pool: pg.Pool,
    private readonly attemptId: string,
  ) {}

  /** Partitions for the past year, which a platform that has been running would have. */
  async partitionsOfTheYear(table: string): Promise<void> {
    for (let month = 1; month <= 12; month += 1) {
      await this.pool.query(
        `DO $$ DECLARE first date := date_trunc('month', now() - interval '${month} months'); BEGIN
           EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF ${table}
             FOR VALUES FROM (%L) TO (%L)', '${table}' || to_char(first, '_YYYY_MM'), first,
             (first + interval '1 month')::date);
         END $$`,
      );
    }
  }

  /** `count` copies of the attempt, each with all its rows in `tables`. */
  async copy(
    count: number,
    tables: { table: string; overrides: Overrides }[],
    progress: (done: number) => void,
  ): Promise<void> {
    const columns = new Map<string, string[]>();
    for (const { table } of tables) columns.set(table, await this.columnsOf(table));
    for (let done = 0; done < count; done += BATCH) {
      const client = await this.pool.connect();
      try {
        await client.query('BEGIN');
        // Copies keep to no foreign key: the learners and assignments of others are not made.
        await client.query(`SET LOCAL session_replication_role = replica`);
        await client.query(
          `CREATE TEMP TABLE c ON COMMIT DROP AS
           SELECT uuidv7(-make_interval(secs => random() * ${YEAR_SECONDS})) AS id,
             gen_random_uuid() AS learner, gen_random_uuid() AS assignment
           FROM generate_series(1, $1)`,
          [Math.min(BATCH, count - done)],
        );
        for (const { table, overrides } of tables) {
          const names = columns.get(table) ?? [];
          const values = names.map((name) => overrides[name] ?? `t.${name}`);
          const key = table === 'attempt' ? 'id' : 'attempt_id';
          await client.query(
            `INSERT INTO ${table} (${names.join(', ')})
             SELECT ${values.join(', ')} FROM ${table} t CROSS JOIN c WHERE t.${key} = $1`,
            [this.attemptId],
          );
        }
        await client.query('COMMIT');
      } catch (error) {
        await client.query('ROLLBACK');
        throw error;
      } finally {
        client.release();
      }
      progress(Math.min(count, done + BATCH));
    }
  }

  private async columnsOf(table: string): Promise<string[]> {
    const { rows } = await this.pool.query<{ name: string }>(
      `SELECT column_name AS name FROM information_schema.columns
       WHERE table_schema = 'public' AND table_name = $1 AND is_generated = 'NEVER'
       ORDER BY ordinal_position`,
      [table],
    );
    if (rows.length === 0) throw new Error(`There is no table "${table}".`);
    return rows.map(({ name }) => name);
  }
}
