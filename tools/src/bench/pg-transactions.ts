import { createHash } from 'node:crypto';
import type { TransactionSource, Tx } from '@parlance/messaging';
import { inSpan, SpanKind } from '@parlance/telemetry';
import pg from 'pg';

/** The one span that the platform makes of each; nothing where telemetry is off. */
const SPAN = { kind: SpanKind.CLIENT, attributes: { 'db.system.name': 'postgresql' } };

/** The platform's transactions over node-postgres alone, with its session settings. */
export class PgTransactions implements TransactionSource {
  private readonly pool: pg.Pool;
  private readonly names = new Map<string, string>();

  constructor(connectionString: string, max: number) {
    const options = '-c plan_cache_mode=force_generic_plan -c lock_timeout=10s';
    this.pool = new pg.Pool({ connectionString, max, options });
    this.pool.on('error', () => undefined);
  }

  inInstitution<R>(institutionId: string, work: (tx: Tx) => Promise<R>): Promise<R> {
    return this.run(`BEGIN; SET LOCAL app.institution = '${institutionId}'`, work);
  }

  asMessaging<R>(work: (tx: Tx) => Promise<R>): Promise<R> {
    return this.run(`BEGIN; SET LOCAL app.messaging = 'on'`, work);
  }

  end(): Promise<void> {
    return this.pool.end();
  }

  private run<R>(begin: string, work: (tx: Tx) => Promise<R>): Promise<R> {
    return inSpan('transaction', SPAN, () => this.inTransaction(begin, work));
  }

  private async inTransaction<R>(begin: string, work: (tx: Tx) => Promise<R>): Promise<R> {
    const client = await this.pool.connect();
    const hooks: (() => void)[] = [];
    const tx: Tx = {
      query: async <Row>(text: string, values: readonly unknown[] = []) => {
        const name = this.nameOf(text);
        return (await client.query({ name, text, values: values as unknown[] })).rows as Row[];
      },
      afterCommit: (hook) => void hooks.push(hook),
    };
    try {
      await client.query(begin);
      const result = await work(tx);
      await client.query('COMMIT');
      client.release();
      for (const hook of hooks) hook();
      return result;
    } catch (error) {
      await client.query('ROLLBACK').then(
        () => client.release(),
        (failure: Error) => client.release(failure),
      );
      throw error;
    }
  }

  /** A name makes the server keep the plan. */
  private nameOf(sql: string): string {
    const known = this.names.get(sql);
    if (known !== undefined) return known;
    const name = createHash('sha256').update(sql).digest('hex').slice(0, 32);
    this.names.set(sql, name);
    return name;
  }
}
