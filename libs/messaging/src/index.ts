export { TRANSACTIONS, type TransactionSource, type Tx } from './transaction.js';
export { MESSAGING_LOG, type MessagingLog } from './log.js';
export type { MessagingConfig, Rebuild, RelayConfig, TopologyMode } from './config.js';
export { MessagingModule, type MessagingParts } from './messaging.module.js';
export { messagingMigration } from './migration/messaging-migration.js';
export {
  rebuildableTables,
  type RebuildableTable,
  replayMigration,
} from './migration/replay-migration.js';
export { type AdmissionRequest, ReplayAdmissions, type Verification } from './replay/admissions.js';
export type { AdmissionView, ReplayMode, TableDifference } from './replay/admission.store.js';
export {
  type DayCount,
  type ReplayRequest,
  Replays,
  type SelectionRequest,
} from './replay/replays.js';
export type { ReplayView } from './replay/replay.store.js';
export { ReplaySender } from './replay/replay-sender.js';
export { Outbox, type NewEvent } from './outbox/outbox.js';
export { OutboxRelay, type RelayHealth } from './outbox/relay.js';
export { SqsEventServer, SQS_TRANSPORT, type ConsumerStats } from './consume/sqs-event-server.js';
export type { QueueStats } from './consume/queue-stats.js';
export type { EventBatchContext, EventContext } from './consume/event-context.js';
export type { HandlerOptions } from './consume/handler-lanes.js';
export { pumpQueue, type Pump, type PumpedMessage, type PumpOptions } from './consume/pump.js';
export type { PauseSettings, TypePause } from './consume/type-pauses.js';
export { failpoint } from './failpoint.js';
export { RetryLater, Unprocessable, type DeadLetterCode } from './consume/errors.js';
export { HandlerMismatch } from './consume/handler-set.js';
export { applyIfNewer, type SeenVersion } from './inbox/apply-if-newer.js';
export { Addresses } from './topology/addresses.js';
export {
  ensureTopology,
  TopologyFault,
  type QueueAddress,
  type TopologyAddresses,
} from './topology/ensure-topology.js';
export {
  AWS_CLIENTS,
  awsClients,
  awsEndpoint,
  type AwsClients,
  s3Client,
} from './localstack-client/index.js';
export type { FailedEvent } from './outbox/failed-events.js';
export { fingerprintOf } from './consume/errors.js';
export type { DeadLetter } from './dead-letters/dead-letter.js';
export {
  DeadLetterQueues,
  type Depth,
  QueueMissing,
  type Scan,
} from './dead-letters/dead-letter-queues.js';
export { isMeant, isTooOld, type LetterFilter, mayLieIn } from './dead-letters/letter-filter.js';
export { groupLetters, type LetterGroup } from './dead-letters/letter-groups.js';
export type { LetterKind, LetterQueue } from './dead-letters/letter-queues.js';
export {
  type LetterOutcome,
  type Move,
  type MoveCounts,
  type MoveResult,
  NO_COUNTS,
  type SettledLetter,
} from './dead-letters/move-letters.js';
export { Pace, type PaceClock } from './dead-letters/pace.js';
export { type ShownField, type ShownLetter, shownLetter } from './dead-letters/shown-letter.js';
