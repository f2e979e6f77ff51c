import { topologyOf } from '@parlance/events';
import { type MessagingConfig, resolveConfig } from '../src/config.js';
import { LargeData } from '../src/envelope/claim-check.js';
import {
  Addresses,
  type AwsClients,
  Outbox,
  OutboxRelay,
  type TransactionSource,
} from '../src/index.js';
import { silentLog } from '../src/log.js';
import { OutboxSignal } from '../src/outbox/outbox-signal.js';
import { TEST_EVENTS } from './fixtures.js';

export interface ProducerParts {
  prefix: string;
  clients: AwsClients;
  transactions: TransactionSource;
  config?: Partial<MessagingConfig>;
}

/** Quick leases and short waits: tests should not take as long as operations does. */
const QUICK_RELAY = {
  leaseMs: 3_000,
  renewEveryMs: 200,
  breakerBaseMs: 50,
  breakerCapMs: 200,
  retryBaseMs: 10,
  retryCapMs: 50,
};

/** Outbox and relay of the grading service. */
export function makeProducer({ prefix, clients, transactions, config: given }: ProducerParts) {
  const config = resolveConfig({
    service: 'grading',
    prefix,
    topologyMode: 'create',
    events: TEST_EVENTS,
    ...given,
    relay: { ...QUICK_RELAY, ...given?.relay },
  });
  const signal = new OutboxSignal();
  const addresses = new Addresses(clients, topologyOf(TEST_EVENTS, prefix), config.topologyMode);
  const large = new LargeData(clients.s3, config);
  const outbox = new Outbox(config, signal, large);
  const relay = new OutboxRelay({
    config,
    transactions,
    sns: clients.sns,
    addresses,
    signal,
    log: silentLog,
  });
  return { outbox, relay, addresses, signal, config };
}
