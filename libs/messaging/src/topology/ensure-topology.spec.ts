import { SetSubscriptionAttributesCommand } from '@aws-sdk/client-sns';
import { DeleteQueueCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { topologyOf } from '@parlance/events';
import { TEST_EVENTS, uniquePrefix } from '../../test/fixtures.js';
import { type Emulator, startEmulator } from '../testing/index.js';
import { findSubscription } from './create-topology.js';
import { ensureTopology, TopologyFault } from './ensure-topology.js';
import { ownPart } from './own-part.js';

let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator();
});

afterAll(() => emulator.stop());

const topologyWith = (prefix: string) => topologyOf(TEST_EVENTS, prefix);

async function faultsOf(topology: ReturnType<typeof topologyWith>): Promise<string[]> {
  const fault = await ensureTopology(emulator.clients, topology, { mode: 'check' }).catch(
    (error: unknown) => error,
  );
  if (!(fault instanceof TopologyFault)) throw new Error(`no fault, but ${String(fault)}`);
  return fault.faults;
}

test('what is made passes the check, and making it again changes nothing', async () => {
  const topology = topologyWith(uniquePrefix());
  const made = await ensureTopology(emulator.clients, topology, { mode: 'create' });
  const again = await ensureTopology(emulator.clients, topology, { mode: 'create' });
  const checked = await ensureTopology(emulator.clients, topology, { mode: 'check' });
  expect([...again.topicArns]).toEqual([...made.topicArns]);
  expect([...checked.queues]).toEqual([...made.queues]);
  expect([...checked.topicArns].sort()).toEqual([...made.topicArns].sort());
});

test('a check makes nothing and names every topic that is missing', async () => {
  const prefix = uniquePrefix();
  const expected = ['gradebook', 'grading'].map(
    (owner) => `The topic ${prefix}-${owner}-events does not exist.`,
  );
  expect(await faultsOf(topologyWith(prefix))).toEqual(expected);
  expect(await faultsOf(topologyWith(prefix))).toEqual(expected);
});

test('a check names a missing queue, a changed filter and a lost redrive', async () => {
  const prefix = uniquePrefix();
  const topology = topologyWith(prefix);
  const { sns, sqs } = emulator.clients;
  const { topicArns, queues } = await ensureTopology(emulator.clients, topology, {
    mode: 'create',
  });
  const broken = `${prefix}-gradebook-from-grading`;
  const missing = `${prefix}-lti-from-gradebook`;
  await sqs.send(new DeleteQueueCommand({ QueueUrl: queues.get(missing)?.url }));
  await sqs.send(
    new SetQueueAttributesCommand({
      QueueUrl: queues.get(broken)?.url,
      Attributes: { RedrivePolicy: '', Policy: '' },
    }),
  );
  const topicArn = topicArns.get(`${prefix}-grading-events`) ?? '';
  const queueArn = topicArn.replace(':sns:', ':sqs:').replace(`${prefix}-grading-events`, broken);
  await sns.send(
    new SetSubscriptionAttributesCommand({
      SubscriptionArn: await findSubscription(sns, topicArn, queueArn),
      AttributeName: 'FilterPolicy',
      AttributeValue: '{"ce_type":["another"]}',
    }),
  );
  const faults = await faultsOf(topology);
  expect(faults).toEqual([
    `The queue ${missing} does not exist.`,
    `The queue ${broken} does not redrive to ${broken}-dlq.`,
    `The policy of ${broken} does not admit the topic ${prefix}-grading-events.`,
    `The subscription of ${broken} to ${prefix}-grading-events ` +
      'must filter ce_type to grading.scored.v1.',
  ]);
  await ensureTopology(emulator.clients, topology, { mode: 'create' });
  await ensureTopology(emulator.clients, topology, { mode: 'check' });
});

test('a service answers for the topic and queues it writes and reads', () => {
  const own = (service: 'grading' | 'gradebook' | 'lti' | 'identity') => {
    const { topics, queues } = ownPart(topologyWith('p'), service);
    return [topics.map(({ name }) => name), queues.map(({ name }) => name)];
  };
  expect(own('grading')).toEqual([['p-grading-events'], ['p-gradebook-from-grading']]);
  expect(own('lti')).toEqual([['p-gradebook-events'], ['p-lti-from-gradebook']]);
  expect(own('identity')).toEqual([[], []]);
});
