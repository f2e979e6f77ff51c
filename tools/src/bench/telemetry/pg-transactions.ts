import type { TransactionSource, Tx } from '@parlance/messaging';
import { inSpan, SpanKind } from '@parlance/telemetry';
import type pg from 'pg';

/** Transactions over node-postgres, with the one span that the platform makes of each. */
export class PgTransactions implements TransactionSource {
  constructor(private readonly pool: pg.Pool) {}

  inInstitution<R>(institutionId: string, work: (tx: Tx) => Promise<R>): Promise<R> {
    return this.run('app.institution', institutionId, work);
  }

  asMessaging<R>(work: (tx: Tx) => Promise<R>): Promise<R> {
    return this.run('app.messaging', 'on', work);
  }

  private run<R>(name: string, value: string, work: (tx: Tx) => Promise<R>): Promise<R> {
    const options = { kind: SpanKind.CLIENT, attributes: { 'db.system.name': 'postgresql' } };
    return inSpan('transaction', options, async () => {
      const client = await this.pool.connect();
      const hooks: (() => void)[] = [];
      const tx: Tx = {
        query: async <Row>(sql: string, params: readonly unknown[] = []) =>
          (await client.query(sql, params as unknown[])).rows as Row[],
        afterCommit: (hook) => void hooks.push(hook),
      };
      try {
        await client.query('BEGIN');
        await client.query('SELECT set_config($1, $2, true)', [name, value]);
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
    });
  }
}
