import { startTestService, type TestService } from '@parlance/platform/testing';
import { Intake } from '../src/intake.js';
import { oncall } from '../src/oncall.module.js';
import { Retention } from '../src/retention.js';
import { spanExport, traceId } from './exports.js';
import { send } from './sender.js';

let service: TestService;

beforeAll(async () => {
  service = await startTestService(oncall);
});

afterAll(() => service.stop());

const query = <R>(sql: string, params: unknown[] = []) =>
  service.database.outsideInstitutions((tx) => tx.query<R>(sql, params));

async function partitionsOf(parent: string): Promise<string[]> {
  const rows = await query<{ name: string }>(
    `SELECT inhrelid::regclass::text AS name FROM pg_inherits
     WHERE inhparent = $1::regclass ORDER BY 1`,
    [parent],
  );
  return rows.map(({ name }) => name);
}

/** As the database names it: UTC. */
async function partitionOf(parent: string, daysAhead: number): Promise<string> {
  const [row] = await query<{ name: string }>(
    `SELECT $1 || to_char((now() AT TIME ZONE 'UTC')::date + $2::int, '"_p"YYYYMMDD') AS name`,
    [parent, daysAhead],
  );
  return row?.name ?? '';
}

describe('retention', () => {
  it.each(['span', 'span_link', 'log_line'])('makes partitions of %s ahead', async (table) => {
    const wanted = await Promise.all([0, 1, 2].map((ahead) => partitionOf(table, ahead)));
    expect(await partitionsOf(table)).toEqual(wanted);
  });

  it('changes nothing when all is as it must be', async () => {
    expect(await service.get(Retention).maintain()).toBe(0);
  });

  it('drops whole days that are too old, with their rows', async () => {
    const id = traceId();
    await send(service, '/v1/traces', spanExport('grading', [{ traceId: id }]));
    await service.get(Intake).settled();
    // Keeping "-1 days" makes today too old: the same as waiting, but quicker.
    await query('SELECT maintain_telemetry(-1)');
    expect(await partitionsOf('span')).not.toContain(await partitionOf('span', 0));
    expect(await query('SELECT 1 FROM span WHERE trace_id = $1', [id])).toEqual([]);
  });

  it('a missing partition is made when the first row needs it', async () => {
    await query('SELECT maintain_telemetry(-1)');
    const id = traceId();
    await send(service, '/v1/traces', spanExport('grading', [{ traceId: id }]));
    await service.get(Intake).settled();
    expect(await query('SELECT 1 FROM span WHERE trace_id = $1', [id])).toHaveLength(1);
    expect(service.get(Intake).stats().droppedRows).toBe(0);
  });
});

it('more than may lie on the disk is refused, until there is room again', async () => {
  const small = await startTestService(oncall, { env: { ONCALL_MAX_STORE_MIB: '1' } });
  delete process.env.ONCALL_MAX_STORE_MIB;
  try {
    const body = spanExport(
      'grading',
      Array.from({ length: 1000 }, () => ({ traceId: traceId() })),
    );
    const retention = small.get(Retention);
    for (let turn = 0; turn < 50 && !retention.isFull; turn += 1) {
      expect((await send(small, '/v1/traces', body)).status).toBe(200);
      await small.get(Intake).settled();
      await retention.maintain();
    }
    const refused = await send(small, '/v1/traces', body);
    expect(refused).toMatchObject({ status: 503, body: { code: 'telemetry-store-full' } });
    expect(refused.headers.get('retry-after')).toBe('60');
    // As when the day is over.
    await small.database.outsideInstitutions((tx) => tx.query('SELECT maintain_telemetry(-1)'));
    await retention.maintain();
    expect((await send(small, '/v1/traces', body)).status).toBe(200);
  } finally {
    await small.stop();
  }
});
