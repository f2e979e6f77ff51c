import type { Provider } from '@nestjs/common';
import type { ResolvedConfig } from '../config.js';
import { AWS_CLIENTS, type AwsClients } from '../localstack-client/index.js';
import { MESSAGING_LOG, type MessagingLog } from '../log.js';
import { Addresses } from '../topology/addresses.js';
import { TRANSACTIONS, type TransactionSource } from '../transaction.js';
import { ReplayAdmissions } from './admissions.js';
import { ReplayGate } from './replay-gate.js';
import { ReplaySender } from './replay-sender.js';
import { Replays } from './replays.js';

/** Replays of what the service tells, and of what it is told, for the module of messaging. */
export function replayProviders(
  config: ResolvedConfig,
  logOf: (injected: MessagingLog | undefined) => MessagingLog,
): Provider[] {
  const logToken = { token: MESSAGING_LOG, optional: true };
  return [
    {
      provide: Replays,
      useFactory: (transactions: TransactionSource) => new Replays(config, transactions),
      inject: [TRANSACTIONS],
    },
    {
      provide: ReplayAdmissions,
      useFactory: (transactions: TransactionSource) => new ReplayAdmissions(config, transactions),
      inject: [TRANSACTIONS],
    },
    {
      provide: ReplayGate,
      useFactory: (transactions: TransactionSource, log?: MessagingLog) =>
        new ReplayGate({ transactions, log: logOf(log) }),
      inject: [TRANSACTIONS, logToken],
    },
    {
      provide: ReplaySender,
      useFactory: (
        transactions: TransactionSource,
        { sqs }: AwsClients,
        addresses: Addresses,
        log?: MessagingLog,
      ) => new ReplaySender({ config, transactions, sqs, addresses, log: logOf(log) }),
      inject: [TRANSACTIONS, AWS_CLIENTS, Addresses, logToken],
    },
  ];
}
