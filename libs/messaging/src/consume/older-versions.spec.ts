import { PublishCommand } from '@aws-sdk/client-sns';
import { Controller, type Type } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { EventEnvelope } from '@parlance/events';
import { newId } from '@parlance/kernel';
import { ConsumerBench } from '../../test/consumer-bench.js';
import { envelope, score, Scored } from '../../test/fixtures.js';
import { writeEffect } from '../../test/handlers.js';
import { eventList, ScoredV2, type ScoreDataV2 } from '../../test/score-versions.js';
import type { TestService } from '../../test/service.js';
import { textAttribute } from '../envelope/message-attributes.js';
import { applyIfNewer, type EventContext } from '../index.js';
import { eventually } from '../testing/index.js';

const bench = new ConsumerBench().install();
const seen: EventEnvelope<ScoreDataV2>[] = [];

/** The gradebook after its move to the second version, with a handler for that alone. */
function moved(): Promise<TestService> {
  @Controller()
  class OnScoredV2 {
    @EventPattern<string>(ScoredV2.type)
    async handle(@Payload() event: EventEnvelope<ScoreDataV2>, @Ctx() context: EventContext) {
      const { type, subject, sequence: version } = event;
      const { tx } = context;
      if (!(await applyIfNewer(tx, { consumer: 'cells', type, subject, version }))) return;
      seen.push(event);
      await writeEffect(event as never, context);
    }
  }
  const controllers: Type[] = [OnScoredV2];
  return bench.consumer(() => undefined, { controllers, config: { events: eventList(ScoredV2) } });
}

/** Publishes as the relay does: past the filter of the subscription. */
async function publish(service: TestService, event: Record<string, unknown>): Promise<void> {
  const { sns } = bench.emulator.clients;
  await sns.send(
    new PublishCommand({
      TopicArn: await service.addresses.topicArn(`${bench.prefix}-grading-events`),
      Message: JSON.stringify(event),
      MessageAttributes: { ce_type: textAttribute(event.type as string) },
    }),
  );
}

const done = (service: TestService, count: number) =>
  eventually(() => {
    const { applied, duplicates, deadLettered } = bench.stats(service);
    return applied + duplicates + deadLettered === count ? true : undefined;
  });

beforeEach(() => seen.splice(0));

test('an older version passes the filter and is handled once as the newer one', async () => {
  const service = await moved();
  const event = envelope();
  await publish(service, event);
  await publish(service, event);
  await done(service, 2);
  expect(seen.map(({ id, type, data }) => [id, type, data.pointsPossible])).toEqual([
    [event.id, 'grading.scored.v2', 100],
  ]);
  expect(await bench.effects()).toEqual([{ subject: event.subject, points: 1 }]);
  const { rows } = await bench.db.owner.query('SELECT event_id FROM inbox');
  expect(rows).toEqual([{ event_id: event.id }]);
});

test('a change told in both versions has one effect, and what is older has none', async () => {
  const service = await moved();
  const scoreId = newId();
  const about = { tenant: newId(), subject: scoreId, partitionkey: scoreId };
  const data = score({ scoreId, points: 5 });
  const inV2 = { type: ScoredV2.type, data: { ...data, pointsPossible: 10 } };
  await publish(service, envelope({ ...about, sequence: 5, data }));
  await done(service, 1);
  await publish(service, envelope({ ...about, sequence: 5, ...inV2 }));
  await publish(service, envelope({ ...about, sequence: 4, ...inV2 }));
  await done(service, 3);
  expect(await bench.effects()).toEqual([{ subject: scoreId, points: 5 }]);
});

test('what a service was told in v1 it still knows after its move to v2', async () => {
  const old = await bench.consumer(async (event, context) => {
    const { subject, type, sequence: version } = event;
    await applyIfNewer(context.tx, { consumer: 'cells', type, subject, version });
  });
  const newer = envelope({ type: Scored.type, sequence: 9 });
  await bench.send(old, newer);
  await done(old, 1);
  await old.app.close();
  const service = await moved();
  await publish(service, envelope({ ...newer, id: newId(), sequence: 8 }));
  await done(service, 1);
  expect(seen).toEqual([]);
});
