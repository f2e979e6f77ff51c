import { Controller, Get, Module, Post } from '@nestjs/common';
import { newId } from '@parlance/kernel';
import { OutboxRelay } from '@parlance/messaging';
import { eventually } from '@parlance/messaging/testing';
import { OperatorOnly } from '../src/index.js';
import { startTestService, TEST_OPERATOR_SECRET, type TestService } from '../src/testing/index.js';

@Controller('notes')
class NotesController {
  @Get()
  list() {
    return [];
  }

  @Post()
  add() {
    return { added: true };
  }

  @OperatorOnly()
  @Post('mended')
  mend() {
    return { mended: true };
  }
}

@Module({ controllers: [NotesController] })
class NotesModule {}

// Identity consumes no event, so a stand-in for it needs no handlers.
const definition = { name: 'identity', title: 'Notes', module: NotesModule, migrations: [] };

let service: TestService;

beforeAll(async () => {
  service = await startTestService(definition);
});

afterAll(() => service?.stop());

/** An event of a key that was written so long ago and is still to be sent. */
async function waiting(key: string, minutes: number, isFailed = false): Promise<void> {
  await service.database.asMessaging((tx) =>
    tx.query(
      `INSERT INTO outbox (event_id, institution_id, topic, type, agg_key, agg_version, shard,
                           envelope, headers, created_at, available_at, failed_at, attempts)
       VALUES ($1, $2, 't', 't', $3, 1, $6::smallint, '{}', '{}', now() - $4::int * interval '1 minute',
               now() + interval '1 hour', CASE WHEN $5 THEN now() END, $5::boolean::int)`,
      [newId(), newId(), key, minutes, isFailed, key.length],
    ),
  );
}

const post = async (path: string, headers: Record<string, string> = {}) => {
  const token = await service.token({ institutionId: newId(), roles: ['admin'] });
  return service.request('POST', path, { token, headers });
};

test('a key blocked by an event that failed for good stops nobody else', async () => {
  await waiting('blocked', 60, true);
  await waiting('blocked', 59);
  await waiting('free', 1);
  const relay = service.get(OutboxRelay);
  // It may look before the last of them is there; the blocked ones never count.
  const health = await eventually(() => {
    const seen = relay.health();
    return seen.oldestUnpublishedSeconds > 0 ? seen : undefined;
  });
  expect(health.failedEvents).toBe(1);
  expect(health.oldestUnpublishedSeconds).toBeGreaterThan(59);
  expect(health.oldestUnpublishedSeconds).toBeLessThan(300);
  expect((await post('/notes')).status).toBe(201);
});

test('while events are stuck no change is accepted; reading and operators go on', async () => {
  await waiting('stuck', 10);
  const refused = await eventually(async () => {
    const answer = await post('/notes');
    return answer.status === 503 ? answer : undefined;
  });
  expect(refused.body).toMatchObject({ code: 'changes-delayed', status: 503 });
  expect(refused.headers.get('retry-after')).toBe('30');
  const token = await service.token({ institutionId: newId(), roles: ['admin'] });
  expect((await service.request('GET', '/notes', { token })).status).toBe(200);
  const operator = { authorization: `Operator ${TEST_OPERATOR_SECRET}` };
  const mended = await service.request('POST', '/notes/mended', { headers: operator });
  expect(mended.status).toBe(201);
  await service.database.asMessaging((tx) => tx.query('UPDATE outbox SET published_at = now()'));
  await eventually(async () => ((await post('/notes')).status === 201 ? true : undefined));
});
