import { createHash } from 'node:crypto';
import { SpanKind } from '@opentelemetry/api';
import { type Id, isId } from '@parlance/kernel';
import type { TransactionSource, Tx } from '@parlance/messaging';
import { inSpan } from '@parlance/telemetry';
import type { PoolClient } from 'pg';
import { DataSource, type QueryRunner } from 'typeorm';

/** Statements that take longer are cancelled; nothing a request does may hold the others up. */
const SESSION = [
  '-c statement_timeout=20s',
  '-c lock_timeout=10s',
  '-c idle_in_transaction_session_timeout=60s',
  // Planning over partitions costs more than running; row-level security hides the constants from
  // the planner anyway, so a plan per execution would not be a better one.
  '-c plan_cache_mode=force_generic_plan',
].join(' ');

export interface DatabaseOptions {
  url: string;
  poolSize: number;
  applicationName: string;
}

/**
 * The database of one service. Every statement runs inside a transaction that says for which
 * institution it is, so that row-level security can hide all others' rows.
 */
export class Database implements TransactionSource {
  private constructor(private readonly source: DataSource) {}

  static async open(options: DatabaseOptions): Promise<Database> {
    const source = new DataSource({
      type: 'postgres',
      url: options.url,
      applicationName: options.applicationName,
      poolSize: options.poolSize,
      extra: { options: SESSION, connectionTimeoutMillis: 5000 },
      installExtensions: false,
    });
    await source.initialize();
    return new Database(source);
  }

  inInstitution<R>(institutionId: Id, work: (tx: Tx) => Promise<R>): Promise<R> {
    // The id goes into the statement text, so it is checked here whoever passes it.
    if (!isId(institutionId)) throw new Error('inInstitution needs the id of an institution.');
    return this.run(`BEGIN; SET LOCAL app.institution = '${institutionId}'`, work);
  }

  /** For the relay and the inbox alone: sees outbox and inbox rows of every institution. */
  asMessaging<R>(work: (tx: Tx) => Promise<R>): Promise<R> {
    return this.run(`BEGIN; SET LOCAL app.messaging = 'on'`, work);
  }

  /** For tables without an institution (signing keys, sign-in look-ups): tenant rows stay hidden. */
  outsideInstitutions<R>(work: (tx: Tx) => Promise<R>): Promise<R> {
    return this.run('BEGIN', work);
  }

  async ping(): Promise<void> {
    await this.source.query('SELECT 1');
  }

  async close(): Promise<void> {
    if (this.source.isInitialized) await this.source.destroy();
  }

  private async run<R>(begin: string, work: (tx: Tx) => Promise<R>): Promise<R> {
    const options = { kind: SpanKind.CLIENT, attributes: { 'db.system.name': 'postgresql' } };
    return inSpan('transaction', options, async (span) => {
      const runner = this.source.createQueryRunner();
      const client = (await runner.connect()) as PoolClient;
      const tx = new OpenTransaction(client);
      try {
        await client.query(begin);
        const result = await work(tx);
        await client.query('COMMIT');
        span.setAttribute('db.query.summary', tx.summary());
        await runner.release();
        tx.committed();
        return result;
      } catch (error) {
        span.setAttribute('db.query.summary', tx.summary());
        await abandon(runner, client);
        throw error;
      }
    });
  }
}

/** A rollback that fails means the connection is gone: the pool must not hand it out again. */
async function abandon(runner: QueryRunner, client: PoolClient): Promise<void> {
  try {
    await client.query('ROLLBACK');
  } catch {
    // The server has rolled back by itself when the connection broke.
  }
  await runner.release().catch(() => undefined);
}

/** Most texts that are prepared; a service has far fewer, unless it builds texts from input. */
const MAX_PREPARED = 1000;
const statementNames = new Map<string, string>();

/** A name makes the server keep the plan of this text for the connection. */
function statementName(sql: string): string | undefined {
  const known = statementNames.get(sql);
  if (known !== undefined || statementNames.size >= MAX_PREPARED) return known;
  const name = createHash('sha256').update(sql).digest('hex').slice(0, 32);
  statementNames.set(sql, name);
  return name;
}

/** Most statements of one transaction that its span names. */
const MAX_SUMMARY = 20;

class OpenTransaction implements Tx {
  private readonly hooks: (() => void)[] = [];
  private readonly statements: string[] = [];

  constructor(private readonly client: PoolClient) {}

  async query<R = Record<string, unknown>>(
    sql: string,
    params: readonly unknown[] = [],
  ): Promise<R[]> {
    this.statements.push(summarise(sql));
    const name = statementName(sql);
    const result = await this.client.query({
      text: sql,
      values: params as unknown[],
      ...(name === undefined ? {} : { name }),
    });
    return result.rows as R[];
  }

  afterCommit(hook: () => void): void {
    this.hooks.push(hook);
  }

  committed(): void {
    for (const hook of this.hooks) hook();
  }

  summary(): string {
    const more = this.statements.length - MAX_SUMMARY;
    const named = this.statements.slice(0, MAX_SUMMARY).join('; ');
    return more > 0 ? `${named}; and ${more} more` : named;
  }
}

/** Verb and table alone: texts may hold literals. */
function summarise(sql: string): string {
  const match =
    /^\s*(?:WITH\b.*?\b)?(SELECT|INSERT|UPDATE|DELETE)\b(?:.*?\b(?:FROM|INTO|UPDATE)\s+([\w.]+))?/is.exec(
      sql,
    );
  const update = /^\s*UPDATE\s+([\w.]+)/i.exec(sql);
  if (update) return `UPDATE ${update[1]}`;
  return match ? `${match[1]?.toUpperCase()}${match[2] ? ` ${match[2]}` : ''}` : 'statement';
}
