import { EVENTS, QUEUE_SETTINGS, type EventDefinition, type ServiceName } from '@parlance/events';
import type { PauseSettings } from './consume/type-pauses.js';
import { isInboxOff } from './inbox/inbox-switch.js';

export type TopologyMode = 'create' | 'check';

/** A projection that can be rebuilt from events beside the one in use. */
export interface Rebuild {
  /** Every table the handlers of `types` write, and no other; a migration names them too. */
  tables: readonly string[];
  /** The events it is made of. */
  types: readonly string[];
}

/** What a service decides about its messaging; everything but the first three has a default. */
export interface MessagingConfig {
  service: ServiceName;
  /** Names of topics and queues start with it. */
  prefix: string;
  /** `create` in an emulator; `check` where topics and queues come from the infrastructure code. */
  topologyMode: TopologyMode;
  /** Messages held per queue, running or prefetched; at least 10. */
  maxInFlight?: number;
  /** Long polls kept open per queue. */
  receivers?: number;
  /**
   * Most transactions with handlers at once in the service; fewer run while that is not enough for
   * the database. Each holds one connection, and the relay two at times, so the pool must have more.
   */
  concurrency?: number;
  /** Most events of one institution and type that are handled in one transaction. */
  batchSize?: number;
  /** When a type is paused because its events fail alike. */
  pause?: Partial<PauseSettings>;
  /** Seconds after which a running handler loses its message. */
  maxHandlerSeconds?: number;
  visibilityTimeoutSeconds?: number;
  receiveWaitSeconds?: number;
  /** Bounds of the visibility backoff between tries, in seconds. */
  retryBaseSeconds?: number;
  retryCapSeconds?: number;
  /** Most milliseconds that closing waits for running handlers. */
  closeTimeoutMs?: number;
  /** Send the institution as MessageGroupId, which SQS uses to share a queue fairly. */
  sendMessageGroup?: boolean;
  /** S3 bucket of data too large for a message; without it such events are refused. */
  claimCheckBucket?: string;
  /** By the name of the projection. */
  rebuilds?: Readonly<Record<string, Rebuild>>;
  relay?: Partial<RelayConfig>;
  replay?: Partial<ReplayConfig>;
  /** The events of the installation; the platform's registry unless a test says otherwise. */
  events?: readonly EventDefinition[];
}

export interface RelayConfig {
  /** A shard whose owner has been silent for so long is taken over. */
  leaseMs: number;
  renewEveryMs: number;
  pollMinMs: number;
  pollMaxMs: number;
  /** Events read from each of the 16 shards at a time. */
  claimSize: number;
  publishesInFlight: number;
  publishTimeoutMs: number;
  breakerFailures: number;
  breakerBaseMs: number;
  breakerCapMs: number;
  retryBaseMs: number;
  retryCapMs: number;
}

export interface ReplayConfig {
  /** A replay whose sender has been silent for so long is taken over. */
  leaseMs: number;
  /** How often a sender looks for a replay to send. */
  pollMs: number;
}

export type ResolvedConfig = Required<
  Omit<MessagingConfig, 'relay' | 'replay' | 'pause' | 'claimCheckBucket'>
> & {
  relay: RelayConfig;
  replay: ReplayConfig;
  pause: PauseSettings;
  claimCheckBucket: string | undefined;
};

/** How one queue is read. */
export type ConsumerConfig = Pick<
  ResolvedConfig,
  | 'maxInFlight'
  | 'receivers'
  | 'concurrency'
  | 'maxHandlerSeconds'
  | 'visibilityTimeoutSeconds'
  | 'receiveWaitSeconds'
  | 'retryBaseSeconds'
  | 'retryCapSeconds'
  | 'closeTimeoutMs'
>;

export const CONSUMER_DEFAULTS: ConsumerConfig = {
  maxInFlight: 100,
  receivers: 2,
  concurrency: 5,
  maxHandlerSeconds: 120,
  visibilityTimeoutSeconds: QUEUE_SETTINGS.visibilityTimeoutSeconds,
  receiveWaitSeconds: QUEUE_SETTINGS.receiveWaitSeconds,
  retryBaseSeconds: 2,
  retryCapSeconds: 60,
  closeTimeoutMs: 15_000,
};

export const PAUSE_DEFAULTS: PauseSettings = {
  messages: 5,
  windowMs: 300_000,
  probeEveryMs: 30_000,
};

const RELAY_DEFAULTS: RelayConfig = {
  leaseMs: 15_000,
  renewEveryMs: 4_000,
  pollMinMs: 50,
  pollMaxMs: 500,
  claimSize: 100,
  publishesInFlight: 8,
  publishTimeoutMs: 8_000,
  breakerFailures: 3,
  breakerBaseMs: 500,
  breakerCapMs: 15_000,
  retryBaseMs: 200,
  retryCapMs: 60_000,
};

const REPLAY_DEFAULTS: ReplayConfig = { leaseMs: 15_000, pollMs: 1_000 };

/**
 * The emulator goes on waiting for the caller of a poll that was broken off, and gives it a message
 * nobody then gets until its visibility ends. With short polls none needs to be broken off.
 */
const EMULATOR_WAIT_SECONDS = 2;

/** The configuration with its defaults, or an Error naming what is wrong with it. */
export function resolveConfig(config: MessagingConfig): ResolvedConfig {
  const { relay, replay, pause, claimCheckBucket, ...given } = config;
  // Asked here because a service that must not run so should not even begin.
  isInboxOff(given.topologyMode);
  const resolved: ResolvedConfig = {
    ...CONSUMER_DEFAULTS,
    ...(given.topologyMode === 'create' && { receiveWaitSeconds: EMULATOR_WAIT_SECONDS }),
    batchSize: 10,
    sendMessageGroup: true,
    events: EVENTS,
    rebuilds: {},
    ...withoutUndefined(given),
    relay: { ...RELAY_DEFAULTS, ...withoutUndefined(relay ?? {}) },
    replay: { ...REPLAY_DEFAULTS, ...withoutUndefined(replay ?? {}) },
    pause: { ...PAUSE_DEFAULTS, ...withoutUndefined(pause ?? {}) },
    claimCheckBucket,
  };
  assertConsumerConfig(resolved);
  if (resolved.batchSize < 1) throw new Error('batchSize must be at least 1.');
  if (Object.values(resolved.pause).some((value) => !(value >= 1))) {
    throw new Error('pause.messages, pause.windowMs and pause.probeEveryMs must be at least 1.');
  }
  if (resolved.relay.renewEveryMs * 3 > resolved.relay.leaseMs) {
    throw new Error('relay.leaseMs must be at least three times relay.renewEveryMs.');
  }
  return resolved;
}

export function assertConsumerConfig(config: ConsumerConfig): void {
  if (config.maxInFlight < 10) {
    throw new Error('maxInFlight must be at least 10: one receive may bring ten messages.');
  }
  if (config.receivers < 1 || config.concurrency < 1) {
    throw new Error('receivers and concurrency must be at least 1.');
  }
}

export function withoutUndefined<T extends object>(given: T): T {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as T;
}
