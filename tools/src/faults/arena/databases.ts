import pg from 'pg';

/** Services that send or take events: each has an outbox and an inbox. */
export const MESSAGING_SERVICES = [
  'identity',
  'content',
  'assignments',
  'grading',
  'gradebook',
  'lti',
] as const;

export type MessagingService = (typeof MESSAGING_SERVICES)[number];

/** Every service's database as the superuser sees it: whole, whatever row-level security says. */
export class Databases {
  private readonly pools = new Map<string, pg.Pool>();

  constructor(
    private readonly port: number,
    private readonly password: string,
  ) {}

  async rows<R>(service: string, sql: string, params: unknown[] = []): Promise<R[]> {
    return (await this.pool(service).query(sql, params)).rows as R[];
  }

  /** One number that a query gives. */
  async count(service: string, sql: string, params: unknown[] = []): Promise<number> {
    const [row] = await this.rows<{ count: string | number }>(service, sql, params);
    return Number(row?.count ?? 0);
  }

  async close(): Promise<void> {
    await Promise.all([...this.pools.values()].map((pool) => pool.end()));
  }

  private pool(service: string): pg.Pool {
    let pool = this.pools.get(service);
    if (pool === undefined) {
      const database = service === 'postgres' ? service : `parlance_${service}`;
      pool = new pg.Pool({
        connectionString: `postgres://postgres:${this.password}@127.0.0.1:${this.port}/${database}`,
        max: 2,
        connectionTimeoutMillis: 5000,
      });
      // A database that is restarted breaks idle connections; the next query takes a new one.
      pool.on('error', () => undefined);
      this.pools.set(service, pool);
    }
    return pool;
  }
}
