import { messagingMigration, replayMigration } from '@parlance/messaging';
import pg from 'pg';
import type { BenchPostgres } from './servers.js';

const APP_ROLE = 'bench_app';
const APP_PASSWORD = 'bench-only';

/**
 * Ours writes effects as the platform's services do: under a role that owns nothing, with
 * row-level security. The others own their tables, as is usual.
 */
const TABLES = [
  `CREATE TABLE effect (
     id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     event_id uuid NOT NULL,
     institution_id uuid NOT NULL
       DEFAULT nullif(current_setting('app.institution', true), '')::uuid,
     subject uuid NOT NULL,
     points int NOT NULL
   )`,
  `ALTER TABLE effect ENABLE ROW LEVEL SECURITY`,
  `CREATE POLICY effect_institution ON effect
     USING (institution_id = nullif(current_setting('app.institution', true), '')::uuid)`,
  `GRANT SELECT, INSERT ON effect TO ${APP_ROLE}`,
  `CREATE TABLE seen_message (id uuid PRIMARY KEY, seen_at timestamptz NOT NULL DEFAULT now())`,
  `CREATE TABLE plain_outbox (
     id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     institution_id uuid NOT NULL,
     key text NOT NULL,
     payload jsonb NOT NULL,
     published_at timestamptz
   )`,
  `CREATE INDEX plain_outbox_pending ON plain_outbox (id) WHERE published_at IS NULL`,
];

export interface EffectCount {
  rows: number;
  distinct: number;
}

/** The tables of ours and of the others, in one database that the runs use in turn. */
export class BenchDatabase {
  readonly urls: { ownerUrl: string; appUrl: string };

  private constructor(
    readonly owner: pg.Pool,
    url: string,
  ) {
    const app = new URL(url);
    app.username = APP_ROLE;
    app.password = APP_PASSWORD;
    this.urls = { ownerUrl: url, appUrl: app.href };
  }

  static async open({ url }: BenchPostgres): Promise<BenchDatabase> {
    // Looking whether anything is left must not read all that is done.
    const options = '-c enable_seqscan=off';
    const owner = new pg.Pool({ connectionString: url, max: 2, options });
    owner.on('error', () => undefined);
    await owner.query(`CREATE ROLE ${APP_ROLE} LOGIN PASSWORD '${APP_PASSWORD}'`);
    const tables = [...messagingMigration(APP_ROLE).up, ...replayMigration(APP_ROLE).up];
    for (const sql of tables) await owner.query(sql);
    for (const sql of TABLES) await owner.query(sql);
    return new BenchDatabase(owner, url);
  }

  /**
   * As on the first run: empty tables, and no checkpoint of an earlier run under way. Statistics of
   * empty tables would be taken for true, and plans made that read everything.
   */
  async clear(): Promise<void> {
    await this.owner.query(
      'TRUNCATE effect, seen_message, plain_outbox, outbox, inbox, projection_version',
    );
    await this.owner.query('CHECKPOINT');
  }

  async effects(): Promise<EffectCount> {
    const { rows } = await this.owner.query<EffectCount>(
      'SELECT count(*)::int AS rows, count(DISTINCT event_id)::int AS distinct FROM effect',
    );
    return rows[0] ?? { rows: 0, distinct: 0 };
  }

  async close(): Promise<void> {
    await this.owner.end();
  }
}
