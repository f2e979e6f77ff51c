import { newId } from '@parlance/kernel';
import { ConsumerBench } from '../../test/consumer-bench.js';
import { envelope } from '../../test/fixtures.js';
import { writeEffect } from '../../test/handlers.js';
import { deliveryKey, isInboxOff } from './inbox-switch.js';

const bench = new ConsumerBench().install();
const OFF = { PARLANCE_INBOX: 'off', PARLANCE_TEST_ONLY: '1' };

afterEach(() => {
  for (const name of Object.keys(OFF)) delete process.env[name];
});

test('the inbox is only off where somebody means it and nobody is hurt', () => {
  expect(isInboxOff('check', {})).toBe(false);
  expect(isInboxOff('create', { PARLANCE_INBOX: 'on' })).toBe(false);
  expect(isInboxOff('create', OFF)).toBe(true);
  expect(() => isInboxOff('check', OFF)).toThrow('for tests alone');
  expect(() => isInboxOff('create', { PARLANCE_INBOX: 'off' })).toThrow('for tests alone');
  expect(() => isInboxOff('create', { PARLANCE_INBOX: 'false' })).toThrow('on or off');
});

test('rows of one event share their key, unless the inbox is off', () => {
  const replayId = newId();
  expect(deliveryKey(undefined, {})).toBe(deliveryKey(undefined, { PARLANCE_INBOX: 'off' }));
  expect(deliveryKey(replayId, {})).toBe(replayId);
  expect(deliveryKey(undefined, OFF)).not.toBe(deliveryKey(undefined, OFF));
});

test('a service does not start with the inbox off by accident', async () => {
  process.env.PARLANCE_INBOX = 'off';
  await expect(bench.consumer(writeEffect)).rejects.toThrow('for tests alone');
});

test('with the inbox off a duplicate has its effect again, and its own row', async () => {
  Object.assign(process.env, OFF);
  const service = await bench.consumer(writeEffect);
  const event = envelope();
  await bench.send(service, event);
  await bench.send(service, event);
  await bench.effectCount(2);
  const { rows } = await bench.db.owner.query('SELECT event_id FROM inbox');
  expect(rows.map(({ event_id }) => event_id)).toEqual([event.id, event.id]);
});
