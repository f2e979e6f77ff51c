import { createHash } from 'node:crypto';
import { createServer, request as httpRequest, type Server } from 'node:http';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { newId } from '@parlance/kernel';
import { ConsumerBench } from '../../test/consumer-bench.js';
import { envelope, score, Scored } from '../../test/fixtures.js';
import { writeEffect } from '../../test/handlers.js';
import { makeProducer } from '../../test/producer.js';
import { type AwsClients, awsClients } from '../index.js';
import type { MessagingLog } from '../log.js';
import { eventually, waitForMessage } from '../testing/index.js';
import { type ClaimCheck, LargeData, MAX_DATA_BYTES } from './claim-check.js';

const bench = new ConsumerBench().install();
let bucket: string;

beforeEach(() => (bucket = `${bench.prefix}-checks`));

type Mode = 'pass' | 'refuse' | 'throttle' | 'fail' | 'hang';

/** Between us and S3: passes on, or answers as S3 does when it is ill. */
class SickStorage {
  mode: Mode = 'pass';
  calls = 0;
  private readonly server: Server;

  constructor(endpoint: string) {
    const { hostname, port } = new URL(endpoint);
    this.server = createServer((asked, answer) => {
      this.calls += 1;
      if (this.mode === 'hang') return;
      if (this.mode === 'refuse') return void asked.socket.destroy();
      if (this.mode === 'pass') {
        const { url: path, method, headers } = asked;
        const passed = httpRequest({ hostname, port, path, method, headers }, (answered) => {
          answer.writeHead(answered.statusCode ?? 500, answered.headers);
          answered.pipe(answer);
        });
        asked.pipe(passed);
        return;
      }
      const code = this.mode === 'throttle' ? 'SlowDown' : 'InternalError';
      answer.writeHead(this.mode === 'throttle' ? 503 : 500, { 'content-type': 'application/xml' });
      answer.end(`<Error><Code>${code}</Code><Message>x</Message></Error>`);
    });
  }

  async start(): Promise<AwsClients['s3']> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    const address = this.server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const { s3 } = awsClients({ AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` });
    bench.stops.push(async () => {
      s3.destroy();
      this.server.closeAllConnections();
      await new Promise((resolve) => this.server.close(resolve));
    });
    return s3;
  }
}

const data = (characters = 300_000) => score({ remark: 'é'.repeat(characters / 2) });

function storage(overrides: Partial<ConstructorParameters<typeof LargeData>[1]> = {}) {
  const config = {
    claimCheckBucket: bucket,
    service: 'grading' as const,
    topologyMode: 'create' as const,
    ...overrides,
  };
  return new LargeData(bench.emulator.clients.s3, config);
}

describe('what is put away', () => {
  test('lies under its service and event, with its bytes and checksum in the pointer', async () => {
    const id = newId();
    const given = data();
    const check = await storage().put(id, given);
    const json = JSON.stringify(given);
    expect(check).toEqual({
      bucket,
      key: `grading/${id}.json`,
      bytes: Buffer.byteLength(json),
      sha256: createHash('sha256').update(json).digest('hex'),
    });
    expect(await storage().get(check, id)).toEqual(given);
  });

  test('is refused above 16 MiB, and nothing is stored', async () => {
    const { s3 } = bench.emulator.clients;
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    const tooMuch = score({ remark: 'x'.repeat(MAX_DATA_BYTES) });
    await expect(storage().put(newId(), tooMuch)).rejects.toMatchObject({
      kind: 'too-large',
      code: 'event-too-large',
    });
    expect((await s3.send(new ListObjectsV2Command({ Bucket: bucket }))).KeyCount).toBe(0);
  });

  test('is an orphan after a rollback, which no event points to', async () => {
    const { prefix } = bench;
    const { transactions } = bench.db;
    const { clients } = bench.emulator;
    const config = { claimCheckBucket: bucket };
    const { outbox } = makeProducer({ prefix, clients, transactions, config });
    const institutionId = newId();
    const rolledBack = transactions.inInstitution(institutionId, async (tx) => {
      await outbox.add(tx, Scored, { version: 1, institutionId, data: data() });
      throw new Error('rolled back');
    });
    await expect(rolledBack).rejects.toThrow('rolled back');
    expect((await bench.db.owner.query('SELECT 1 FROM outbox')).rows).toEqual([]);
    const { Contents } = await clients.s3.send(new ListObjectsV2Command({ Bucket: bucket }));
    expect(Contents).toHaveLength(1);
  });
});

/** Sends an event whose data was put away, after something was done to that. */
async function sent(harm: (check: ClaimCheck) => Promise<unknown> | ClaimCheck) {
  const lines: object[] = [];
  const log = { info() {}, warn() {}, error: (fields: object) => void lines.push(fields) };
  const config = { claimCheckBucket: bucket };
  const service = await bench.consumer(writeEffect, { config, log });
  const given = data();
  const event = envelope({ data: {}, subject: given.scoreId });
  const check = await storage().put(event.id as string, given);
  const harmed = await harm(check);
  await bench.send(service, { ...event, dataref: harmed ?? check });
  return { service, lines };
}

async function letterOf({ service }: Awaited<ReturnType<typeof sent>>) {
  const { deadLetterUrl } = await bench.queueOf(service);
  const { sqs } = bench.emulator.clients;
  const letter = await waitForMessage({ sqs, queueUrl: deadLetterUrl });
  return letter.MessageAttributes;
}

const write = ({ bucket: Bucket, key: Key }: ClaimCheck, Body: string) =>
  bench.emulator.clients.s3.send(new PutObjectCommand({ Bucket, Key, Body })).then(() => undefined);

describe('an event whose data', () => {
  const fingerprints = new Map<string, string | undefined>();

  test.each<[string, string, (check: ClaimCheck) => Promise<unknown> | ClaimCheck]>([
    ['was altered', 'altered', (check) => write(check, 'y'.repeat(check.bytes))],
    ['was truncated', 'altered', (check) => write(check, '{}')],
    [
      'is gone',
      'gone',
      ({ bucket: Bucket, key: Key }) =>
        bench.emulator.clients.s3
          .send(new DeleteObjectCommand({ Bucket, Key }))
          .then(() => undefined),
    ],
    ['lies in a foreign bucket', 'foreign-bucket', (check) => ({ ...check, bucket: 'theirs' })],
    [
      'is that of another event',
      'malformed',
      (check) => ({ ...check, key: `grading/${newId()}.json` }),
    ],
    ['has a pointer that climbs', 'malformed', (check) => ({ ...check, key: `../${check.key}` })],
    ['claims to be endless', 'malformed', (check) => ({ ...check, bytes: 2 ** 40 })],
    ['has a pointer that is none', 'malformed', () => 'x' as unknown as ClaimCheck],
  ])('%s is a dead letter at once, and says why', async (_, fault, harm) => {
    const event = await sent(harm);
    const attributes = await letterOf(event);
    const told = { code: 'claim-check', detail: expect.stringMatching(`^${fault}: `) };
    expect(event.lines).toEqual([expect.objectContaining(told)]);
    expect(attributes?.error_code?.StringValue).toBe('claim-check');
    expect(attributes?.receive_count?.StringValue).toBe('1');
    expect(await bench.effects()).toEqual([]);
    const fingerprint = attributes?.error_fingerprint?.StringValue;
    // One fault has one fingerprint, and no other has the same.
    expect(fingerprints.get(fault) ?? fingerprint).toBe(fingerprint);
    fingerprints.set(fault, fingerprint);
    expect(new Set(fingerprints.values()).size).toBe(fingerprints.size);
  });
});

describe('while S3 is away', () => {
  test.each<Mode>(['refuse', 'throttle', 'fail'])(
    'an event waits and is applied afterwards (%s)',
    async (mode) => {
      const sick = new SickStorage(bench.emulator.endpoint);
      const s3 = await sick.start();
      const waiting: string[] = [];
      const note = (_: object, message: string) => void waiting.push(message);
      const log: MessagingLog = { info: note, warn: note, error: note };
      const given = data();
      const event = envelope({ data: {}, subject: given.scoreId });
      const dataref = await storage().put(event.id as string, given);
      sick.mode = mode;
      const service = await bench.consumer(
        async (received, context) => {
          expect(received.data).toEqual(given);
          await writeEffect(received, context);
        },
        {
          config: { claimCheckBucket: bucket },
          clients: { ...bench.emulator.clients, s3 },
          log,
        },
      );
      await bench.send(service, { ...event, dataref });
      await eventuallySaid(waiting, 'An event waits for S3');
      sick.mode = 'pass';
      await bench.effectCount(1);
      await bench.emptied(service);
      expect(bench.stats(service)).toMatchObject({ applied: 1, deadLettered: 0 });
    },
    60_000,
  );

  test('writing is refused as unavailable, and the transaction with it', async () => {
    const sick = new SickStorage(bench.emulator.endpoint);
    const s3 = await sick.start();
    sick.mode = 'throttle';
    const { prefix } = bench;
    const { transactions } = bench.db;
    const clients = { ...bench.emulator.clients, s3 };
    const config = { claimCheckBucket: bucket };
    const { outbox } = makeProducer({ prefix, clients, transactions, config });
    const institutionId = newId();
    const adding = transactions.inInstitution(institutionId, (tx) =>
      outbox.add(tx, Scored, { version: 1, institutionId, data: data() }),
    );
    await expect(adding).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'large-data-unavailable',
      retryAfterSeconds: 5,
    });
    expect((await bench.db.owner.query('SELECT 1 FROM outbox')).rows).toEqual([]);
  });

  test('a write that hangs is given up within its bound', async () => {
    const sick = new SickStorage(bench.emulator.endpoint);
    const s3 = await sick.start();
    sick.mode = 'hang';
    const config = {
      claimCheckBucket: bucket,
      service: 'grading' as const,
      topologyMode: 'create' as const,
    };
    const startedMs = performance.now();
    const putting = new LargeData(s3, config).put(newId(), data());
    await expect(putting).rejects.toMatchObject({ code: 'large-data-unavailable' });
    expect(performance.now() - startedMs).toBeLessThan(12_000);
  });
});

async function eventuallySaid(lines: string[], start: string): Promise<void> {
  await eventually(
    () => lines.find((line) => line.startsWith(start)),
    () => lines.join('\n'),
    30_000,
  );
}
