import type { Scenario } from './scenarios.js';

/** How a contestant takes part in one scenario. */
export interface Entry {
  settings: Readonly<Record<string, unknown>>;
  /** About how many messages it handles in a second: the slow ones get fewer messages. */
  perSecond: number;
}

/**
 * `default` is the reference of the first ratio; the best of it and the peers, of the second. What
 * was lent a part of ours is shown beside them, to tell where a difference comes from.
 */
export type Role = 'default' | 'peer' | 'lent' | 'ours';

export interface Contestant {
  name: string;
  role: Role;
  file: URL;
  entries: Partial<Record<Scenario, Entry>>;
}

const peerFile = (name: string) => new URL(`../../../../bench-peers/${name}.mjs`, import.meta.url);
const oursFile = (name: string) => new URL(`./${name}.js`, import.meta.url);

type Rates = Partial<Record<Scenario, number>>;

function peer(
  library: string,
  how: string,
  settings: Record<string, unknown>,
  rates: Rates,
  role: Role = 'peer',
): Contestant {
  const entries = Object.entries(rates).map(([scenario, perSecond]) => [
    scenario,
    { settings, perSecond },
  ]);
  return {
    name: `${library}${how === '' ? '' : ` ${how}`}`,
    role,
    file: peerFile(library),
    entries: Object.fromEntries(entries) as Contestant['entries'],
  };
}

const tens = (instances = 1) => ({ batchSize: 10, instances });
const batches = (instances = 1) => ({ batchSize: 10, instances, isBatchHandler: true });

const SQS_CONSUMER: Contestant[] = [
  peer(
    'sqs-consumer',
    '',
    {},
    { 'no-op': 350, 'async-5ms': 120, slow: 35, postgres: 250, noisy: 1 },
    'default',
  ),
  peer('sqs-consumer', '10', tens(), {
    'no-op': 1600,
    'async-5ms': 800,
    slow: 46,
    postgres: 900,
    noisy: 1,
  }),
  peer('sqs-consumer', '10 x8', tens(8), {
    'no-op': 2000,
    'async-5ms': 1900,
    slow: 300,
    postgres: 1000,
    noisy: 1,
  }),
  peer('sqs-consumer', '10 x32', tens(32), { 'async-5ms': 1900, slow: 1000 }),
  peer('sqs-consumer', 'batch', batches(), { 'no-op': 4000, 'async-5ms': 1000, postgres: 2500 }),
  peer('sqs-consumer', 'batch x8', batches(8), {
    'no-op': 7600,
    'async-5ms': 5000,
    slow: 350,
    postgres: 4000,
    noisy: 1,
  }),
  peer('sqs-consumer', 'batch x32', batches(32), { 'async-5ms': 7000, slow: 1300 }),
  peer('sqs-consumer', 'batch x64', batches(64), { slow: 2500 }),
];

/** Whether it is the consumer or only the options of our SQS client that make the difference. */
const WITH_OUR_CLIENT = peer(
  'sqs-consumer',
  'batch x8, our client',
  { ...batches(8), hasOurClient: true },
  { 'no-op': 7600, 'async-5ms': 5000, postgres: 4000 },
  'lent',
);

const NESTJS_SQS: Contestant[] = [
  peer('nestjs-sqs', '', {}, { 'no-op': 350, 'async-5ms': 120, slow: 35, postgres: 250 }),
  peer('nestjs-sqs', 'batch x8', batches(8), {
    'no-op': 7600,
    'async-5ms': 5000,
    slow: 350,
    postgres: 4000,
  }),
];

const MESSAGE_QUEUE_TOOLKIT: Contestant[] = [
  peer(
    'message-queue-toolkit',
    '',
    {},
    { 'no-op': 200, 'async-5ms': 100, slow: 35, postgres: 150 },
  ),
  peer('message-queue-toolkit', '10 x8', tens(8), {
    'no-op': 1600,
    'async-5ms': 1500,
    slow: 300,
    postgres: 900,
  }),
  peer('message-queue-toolkit', '10 x32', tens(32), { slow: 900 }),
];

function pump(perSecond: number, concurrency: number): Entry {
  return { settings: { pump: { maxInFlight: 1000, receivers: 4, concurrency } }, perSecond };
}

function service(perSecond: number, handler: string, concurrency: number): Entry {
  const config = { maxInFlight: 1000, receivers: 4, concurrency, batchSize: 50 };
  return { settings: { config, handler }, perSecond };
}

const OURS: Contestant[] = [
  {
    name: 'ours',
    role: 'ours',
    file: oursFile('ours-pump'),
    entries: {
      'no-op': pump(8000, 1000),
      'async-5ms': pump(7000, 1000),
      slow: pump(6000, 1000),
      noisy: pump(1, 1000),
    },
  },
  {
    name: 'ours alone',
    role: 'default',
    file: oursFile('ours-service'),
    entries: { inbox: service(1500, 'alone', 8) },
  },
  {
    name: 'ours each',
    role: 'ours',
    file: oursFile('ours-service'),
    entries: { postgres: service(3000, 'each', 4), inbox: service(3000, 'each', 4) },
  },
  {
    name: 'ours batch',
    role: 'ours',
    file: oursFile('ours-service'),
    entries: { postgres: service(4500, 'batch', 4), inbox: service(4500, 'batch', 4) },
  },
];

const relayOf = (processes: number): Entry => ({ settings: { processes }, perSecond: 5000 });
const plainOf = (settings: object, perSecond: number): Entry => ({
  settings: { table: 'plain_outbox', ...settings },
  perSecond,
});
const plain = (how: string, role: Role, entry: Entry): Contestant => ({
  name: `plain outbox ${how}`.trim(),
  role,
  file: peerFile('plain-outbox'),
  entries: { relay: entry },
});

const RELAYS: Contestant[] = [
  plain('', 'default', plainOf({}, 600)),
  plain('batched', 'peer', plainOf({ isBatched: true }, 4000)),
  plain('batched x4', 'peer', plainOf({ isBatched: true, loops: 4 }, 4000)),
  plain('batched, our client', 'lent', plainOf({ isBatched: true, hasOurClient: true }, 4000)),
  { name: 'ours', role: 'ours', file: oursFile('ours-relay'), entries: { relay: relayOf(1) } },
  { name: 'ours x2', role: 'ours', file: oursFile('ours-relay'), entries: { relay: relayOf(2) } },
];

export const CONTESTANTS: Contestant[] = [
  ...SQS_CONSUMER,
  WITH_OUR_CLIENT,
  ...NESTJS_SQS,
  ...MESSAGE_QUEUE_TOOLKIT,
  ...OURS,
  ...RELAYS,
];

/** Who takes part in a scenario, the reference first. */
export function contestantsOf(scenario: Scenario, only?: string): Contestant[] {
  return CONTESTANTS.filter(
    ({ name, entries }) => entries[scenario] !== undefined && (!only || name.includes(only)),
  );
}

/** Of each library its slowest and its fastest configuration, which is enough to see that it works. */
export function fewOf(scenario: Scenario, contestants: readonly Contestant[]): Contestant[] {
  const speed = (contestant: Contestant) => contestant.entries[scenario]?.perSecond ?? 0;
  return contestants.filter((one) => {
    const others = contestants.filter(({ file }) => file.href === one.file.href);
    const speeds = others.map(speed);
    return speed(one) === Math.min(...speeds) || speed(one) === Math.max(...speeds);
  });
}
