import { gzipSync } from 'node:zlib';
import { startTestService, type TestService } from '@parlance/platform/testing';
import { Intake } from '../src/intake.js';
import { oncall } from '../src/oncall.module.js';
import { logExport, spanExport, spanId, traceId } from './exports.js';
import { send } from './sender.js';

let service: TestService;

beforeAll(async () => {
  service = await startTestService(oncall);
});

afterAll(() => service.stop());

async function rows<R>(sql: string, params: unknown[]): Promise<R[]> {
  await service.get(Intake).settled();
  return service.database.outsideInstitutions((tx) => tx.query<R>(sql, params));
}

const spansOf = (id: string) =>
  rows<Record<string, unknown>>(
    `SELECT span_id, service, name, kind, status, duration_us, attributes, links,
            extract(epoch FROM start_at)::text AS started
     FROM span WHERE trace_id = $1::uuid ORDER BY start_at`,
    [id],
  );

describe('the receiver', () => {
  it('stores spans with times to the microsecond, links and the attributes that may be kept', async () => {
    const [id, own, other] = [traceId(), spanId(), { traceId: traceId(), spanId: spanId() }];
    const span = {
      traceId: id,
      spanId: own,
      name: 'POST /api/v1/attempts/:id/submission',
      startMs: 1_795_405_137_717.25,
      durationMs: 12.5,
      status: 2,
      links: [other],
      attributes: {
        'http.response.status_code': 201,
        'app.receive_count': 3,
        'http.request.body': 'my essay',
        'url.full': 'https://example.org/?token=abc',
      },
    };
    const answer = await send(service, '/v1/traces', spanExport('assignments', [span]));
    expect(answer).toMatchObject({ status: 200, body: {} });
    expect(await spansOf(id)).toEqual([
      {
        span_id: own,
        service: 'assignments',
        name: span.name,
        kind: 1,
        status: 2,
        duration_us: '12500',
        started: '1795405137.717250',
        attributes: { 'http.response.status_code': 201, 'app.receive_count': 3 },
        links: [other],
      },
    ]);
    const linked = await rows('SELECT 1 FROM span_link WHERE linked_trace_id = $1', [
      other.traceId,
    ]);
    expect(linked).toHaveLength(1);
  });

  it('stores log lines without addresses and tokens', async () => {
    const [id, own] = [traceId(), spanId()];
    const error = JSON.stringify({ name: 'TypeError', message: 'x of ada@example.org', stack: '' });
    const line = {
      traceId: id,
      spanId: own,
      level: 'error',
      message: 'told ada@example.org with Bearer abcdefgh.ijkl',
      attributes: { code: 'late', displayName: 'Ada', error },
    };
    await send(service, '/v1/logs', logExport('grading', [line]));
    const [stored] = await rows<Record<string, unknown>>(
      'SELECT level, message, service, span_id, attributes FROM log_line WHERE trace_id = $1',
      [id],
    );
    expect(stored).toEqual({
      level: 'error',
      message: 'told [e-mail] with [token]',
      service: 'grading',
      span_id: own,
      attributes: {
        code: 'late',
        'error.name': 'TypeError',
        'error.message': 'x of [e-mail]',
        'error.stack': '',
      },
    });
  });

  it('takes gzip', async () => {
    const id = traceId();
    const packed = gzipSync(JSON.stringify(spanExport('grading', [{ traceId: id }])));
    const answer = await send(service, '/v1/traces', packed, { 'content-encoding': 'gzip' });
    expect(answer.status).toBe(200);
    expect(await spansOf(id)).toHaveLength(1);
  });

  it('stores what can be carried of hostile text', async () => {
    const id = traceId();
    const name = `a\u0000b\ud800c"\\{},NULL'${'x'.repeat(5000)}`;
    const attributes = { 'app.note': '\u0000{"a"}\\,\ud800', 'app.null': 'NULL' };
    const body = spanExport('grading', [{ traceId: id, name, attributes }]);
    expect((await send(service, '/v1/traces', body)).status).toBe(200);
    const [stored] = await spansOf(id);
    expect(stored?.name).toBe(`ab\ufffdc"\\{},NULL'${'x'.repeat(185)}…`);
    expect(stored?.attributes).toEqual({ 'app.note': '{"a"}\\,\ufffd', 'app.null': 'NULL' });
  });

  it('keeps what is valid of an export and tells how much is not', async () => {
    const id = traceId();
    const bad = [{ traceId: 'xyz' }, { traceId: '0'.repeat(32) }, { traceId: id, spanId: '12' }];
    const answer = await send(
      service,
      '/v1/traces',
      spanExport('grading', [{ traceId: id }, ...bad]),
    );
    expect(answer).toMatchObject({ status: 200, body: { partialSuccess: { rejectedSpans: 3 } } });
    expect(await spansOf(id)).toHaveLength(1);
  });
});

describe('the receiver refuses', () => {
  it.each([
    ['no JSON', '{"resourceSpans": [', 400, 'malformed-json'],
    ['an empty body', '', 400, 'malformed-json'],
    ['a list', '[]', 400, 'malformed-otlp'],
    ['null', 'null', 400, 'malformed-otlp'],
    ['a number', '7', 400, 'malformed-otlp'],
    ['spans that are no list', { resourceSpans: { a: 1 } }, 400, 'malformed-otlp'],
    ['scopes that are text', { resourceSpans: [{ scopeSpans: 'x' }] }, 400, 'malformed-otlp'],
    ['a resource that is null', { resourceSpans: [null] }, 400, 'malformed-otlp'],
    [
      'only invalid spans',
      { resourceSpans: [{ scopeSpans: [{ spans: [null, 1, {}] }] }] },
      400,
      'malformed-otlp',
    ],
    ['deep nesting', '['.repeat(2_000_000), 400, 'malformed-json'],
  ])('%s', async (_, body, status, code) => {
    const answer = await send(service, '/v1/traces', body);
    expect(answer).toMatchObject({ status, body: { code } });
  });

  it('protobuf, with a sentence that says what to set', async () => {
    const headers = { 'content-type': 'application/x-protobuf' };
    const answer = await send(service, '/v1/traces', new Uint8Array([10, 0]), headers);
    expect(answer).toMatchObject({ status: 415, body: { code: 'otlp-json-only' } });
    expect(answer.body.detail).toContain('http/json');
  });

  it('what a browser may send across sites', async () => {
    const headers = { 'content-type': 'text/plain' };
    expect((await send(service, '/v1/traces', '{}', headers)).status).toBe(415);
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await send(service, '/v1/traces', '{}', form)).status).toBe(415);
  });

  it('more than 8 MiB, also when it only unpacks to more', async () => {
    const huge = `"${'x'.repeat(9 * 1_048_576)}"`;
    expect((await send(service, '/v1/traces', huge)).status).toBe(413);
    const bomb = gzipSync(Buffer.alloc(40 * 1_048_576, 0x20));
    const packed = await send(service, '/v1/traces', bomb, { 'content-encoding': 'gzip' });
    expect(packed).toMatchObject({ status: 413, body: { code: 'body-too-large' } });
  });

  it('broken gzip and other encodings', async () => {
    const broken = await send(service, '/v1/traces', '{}', { 'content-encoding': 'gzip' });
    expect(broken).toMatchObject({ status: 400, body: { code: 'malformed-gzip' } });
    const other = await send(service, '/v1/traces', '{}', { 'content-encoding': 'br' });
    expect(other.status).toBe(415);
  });
});

it('says to come back later while too much waits, and stores what it took', async () => {
  const small = await startTestService(oncall, { env: { ONCALL_MAX_QUEUED_ROWS: '300' } });
  delete process.env.ONCALL_MAX_QUEUED_ROWS;
  try {
    const intake = small.get(Intake);
    const id = traceId();
    const body = spanExport(
      'grading',
      Array.from({ length: 600 }, () => ({ traceId: id })),
    );
    // Taken at once, so that the first ones cannot be written in between.
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => send(small, '/v1/traces', body)),
    );
    const refused = answers.filter(({ status }) => status === 503);
    const taken = answers.filter(({ status }) => status === 200);
    expect(refused.length + taken.length).toBe(20);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]?.headers.get('retry-after')).toBe('2');
    await intake.settled();
    expect(intake.stats()).toMatchObject({
      storedRows: taken.length * 600,
      waitingRows: 0,
      droppedRows: 0,
      refusedExports: refused.length,
    });
  } finally {
    await small.stop();
  }
});
