import { newId } from '@parlance/kernel';
import { ConsumerBench } from '../../test/consumer-bench.js';
import { CellWritten, envelope, score, Scored } from '../../test/fixtures.js';
import { onScoredBatch, writeEffect } from '../../test/handlers.js';
import { Outbox, rebuildableTables, ReplayAdmissions } from '../index.js';
import { eventually } from '../testing/index.js';

const bench = new ConsumerBench().install();

beforeAll(async () => {
  for (const sql of rebuildableTables('effects', [{ name: 'effect' }])) {
    await bench.db.owner.query(sql);
  }
});

test('a handler of batches is rebuilt one event at a time, and tells nobody, however it adds', async () => {
  const runs: [boolean, number][] = [];
  const service = await bench.consumer(() => undefined, {
    config: { rebuilds: { effects: { tables: ['effect'], types: [Scored.type] } } },
    controllers: [
      onScoredBatch(async (events, batch) => {
        runs.push([batch.isReplay, events.length]);
        const outbox = service.app.get(Outbox);
        const { tx, institutionId } = batch;
        for (const event of events) {
          await writeEffect(event, { tx } as never);
          const cell = { version: 1, institutionId, data: score({ scoreId: event.subject }) };
          await batch.within(event, () => outbox.add(tx, CellWritten, cell));
          await outbox.add(tx, CellWritten, { ...cell, version: 2 });
        }
      }),
    ],
  });
  const admissions = service.app.get(ReplayAdmissions);
  const tenant = newId();
  const past = [envelope({ tenant }), envelope({ tenant })];
  for (const event of past) await bench.send(service, event);
  await bench.effectCount(2);
  const id = newId();
  const why = { reason: 'test', createdBy: 'test' };
  await admissions.admit({ id, mode: 'rebuild', projection: 'effects', ...why });
  const live = envelope({ tenant });
  await bench.send(service, live);
  const replay_id = { DataType: 'String', StringValue: id };
  for (const event of past) await bench.send(service, event, { replay_id });
  await bench.effectCount(3);
  await eventually(async () => ((await admissions.show(id)).applied === 2 ? true : undefined));
  expect(runs.filter(([isReplay]) => isReplay)).toEqual([
    [true, 1],
    [true, 1],
    [true, 1],
  ]);
  const { rows } = await bench.db.owner.query('SELECT count(*)::int AS told FROM outbox');
  expect(rows).toEqual([{ told: 6 }]);
  const subjects = async (table: string) => {
    const effects = await bench.db.owner.query(`SELECT subject FROM ${table} ORDER BY subject`);
    return effects.rows.map((row: { subject: string }) => row.subject);
  };
  expect(await subjects(`rebuild_${id.replaceAll('-', '')}.effect`)).toEqual(
    [...past, live].map((event) => event.subject).sort(),
  );
  await admissions.close(id, 'cancelled');
});
