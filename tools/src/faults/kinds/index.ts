import {
  duplicateDeliveries,
  lostAcknowledgements,
  partialPublishFailure,
  partitionConsumerSqs,
  redriveWhileLive,
  reorder,
} from './deliveries.js';
import { postgresDiskFull } from './disk-full.js';
import type { Fault } from './fault.js';
import {
  deployMixedVersions,
  killApiAfterCommit,
  killConsumerMidBatch,
  killRelayAfterPublish,
  sigtermUnderLoad,
} from './kills.js';
import { institutionFlood, poison } from './messages.js';
import {
  emulatorRestart,
  emulatorWiped,
  partitionConsumerPostgres,
  postgresRestart,
  telemetryDown,
} from './outages.js';
import { clockSkew, pausedProcess, slowConsumer } from './time.js';

/** Every fault there is. */
export const FAULTS: readonly Fault[] = [
  killApiAfterCommit,
  killRelayAfterPublish,
  killConsumerMidBatch,
  sigtermUnderLoad,
  duplicateDeliveries,
  reorder,
  lostAcknowledgements,
  partialPublishFailure,
  emulatorRestart,
  emulatorWiped,
  postgresRestart,
  postgresDiskFull,
  slowConsumer,
  pausedProcess,
  clockSkew,
  poison,
  institutionFlood,
  partitionConsumerPostgres,
  partitionConsumerSqs,
  deployMixedVersions,
  redriveWhileLive,
  telemetryDown,
];
