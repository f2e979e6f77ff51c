import { type DynamicModule, Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { ServiceName } from '@parlance/events';
import { MessagingModule, OutboxRelay, ReplaySender, SqsEventServer } from '@parlance/messaging';
import { createLogger, type Logger, startTelemetry } from '@parlance/telemetry';
import { ConfigInvalid } from './config.js';
import { Database } from './database/database.js';
import { migrate } from './database/migrate.js';
import { createHttpApp } from './http/http-app.js';
import { openApiOf } from './http/openapi.js';
import { type Closable, closeOnSignal, endOnUncaught } from './lifecycle.js';
import { PlatformModule } from './platform.module.js';
import { Readiness, type ReadinessCheck } from './readiness.js';
import { readServiceConfig, type ServiceConfig } from './service-config.js';
import type { ServiceDefinition } from './service-definition.js';
import { TraceReader } from './trace-reader.js';

@Module({})
class ServiceModule {}

/** A service that listens. `close` stops it in the order that loses nothing. */
export interface RunningService {
  app: NestFastifyApplication;
  database: Database;
  port: number;
  startDraining(): void;
  parts: readonly Closable[];
}

/**
 * The whole main of a service: reads the environment, migrates when it has an owner's URL,
 * listens, and closes on SIGTERM. Ends the process with a message when it cannot start.
 */
export async function runService(definition: ServiceDefinition): Promise<void> {
  const config = configOrExit(definition.name, process.env);
  const telemetry = startTelemetry({
    service: definition.name,
    metricIntervalMs: config.OTEL_METRIC_EXPORT_INTERVAL,
    ...(config.OTEL_EXPORTER_OTLP_ENDPOINT === undefined || definition.exportsTelemetry === false
      ? {}
      : { endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT }),
  });
  const logger = createLogger(definition.name, config.LOG_LEVEL);
  telemetry.reportLosses(logger);
  endOnUncaught(logger);
  try {
    await migrateIfOwner(definition, config, logger);
    if (process.argv[2] === 'migrate') process.exit(0);
    const service = await startService(definition, config, logger);
    closeOnSignal(logger, () => {
      service.startDraining();
      return [
        { name: 'drain', close: () => pause(config.DRAIN_SECONDS) },
        ...service.parts,
        { name: 'telemetry', close: () => telemetry.stop() },
      ];
    });
    logger.info({ port: service.port }, 'listening');
    process.send?.({ type: 'listening', port: service.port });
  } catch (error) {
    logger.fatal({ error }, 'could not start');
    await telemetry.stop();
    process.exit(1);
  }
}

/** The configuration, or the end of the process with every fault of the environment listed. */
export function configOrExit(name: string, env: NodeJS.ProcessEnv): ServiceConfig {
  try {
    return readServiceConfig(env);
  } catch (error) {
    if (!(error instanceof ConfigInvalid)) throw error;
    console.error(`${name} cannot start. ${error.message}`);
    process.exit(78); // EX_CONFIG of sysexits.h
  }
}

async function migrateIfOwner(
  definition: ServiceDefinition,
  config: ServiceConfig,
  logger: Logger,
): Promise<void> {
  const ownerUrl = process.env.MIGRATION_DATABASE_URL;
  if (ownerUrl === undefined) return;
  const appRole = decodeURIComponent(new URL(config.DATABASE_URL).username);
  const ran = await migrate(ownerUrl, appRole, definition.migrations);
  if (ran.length > 0) logger.info({ migrations: ran }, 'migrated');
}

/** Starts everything of a service but signals and telemetry; tests use it as it is. */
export async function startService(
  definition: ServiceDefinition,
  config: ServiceConfig,
  logger: Logger,
): Promise<RunningService> {
  const database = await Database.open({
    url: config.DATABASE_URL,
    poolSize: config.DATABASE_POOL_SIZE,
    applicationName: `parlance-${definition.name}`,
  });
  const checks: ReadinessCheck[] = [{ name: 'database', check: () => database.ping() }];
  const readiness = new Readiness(checks);
  const messaging = definition.messaging !== false;
  const traces = messaging ? new TraceReader(database, definition.traceRecords ?? []) : null;
  const platform = PlatformModule.of({
    ...{ config, logger, readiness, database, traces },
    hasMessaging: messaging,
  });
  const imports: DynamicModule['imports'] = [platform];
  if (messaging) imports.push(messagingModule(definition, config, logger));
  const app = await createHttpApp({
    module: { module: ServiceModule, imports: [...imports, definition.module] },
    logger,
    trustCaller: true,
    rawBodies: definition.rawBodies ?? [],
    largeBodies: definition.largeBodies ?? [],
    unprefixed: definition.unprefixed ?? [],
  });
  const openApi = openApiOf(app, definition.title);
  app.getHttpAdapter().get('/openapi.json', (_request, reply) => {
    reply.send(openApi);
  });
  const consumer = messaging ? app.get(SqsEventServer) : undefined;
  const relay = messaging ? app.get(OutboxRelay) : undefined;
  const replaySender = messaging ? app.get(ReplaySender) : undefined;
  if (consumer !== undefined && relay !== undefined) {
    app.connectMicroservice({ strategy: consumer });
    await app.startAllMicroservices();
    relay.start();
    replaySender?.start();
    checks.push({ name: 'queues', optional: true, check: () => requireReceiving(consumer) });
  }
  await maintainPartitions(database, logger);
  await app.listen(config.PORT, config.HOST);
  const address = app.getHttpServer().address();
  return {
    app,
    database,
    port: typeof address === 'object' && address !== null ? address.port : config.PORT,
    startDraining: () => readiness.startDraining(),
    parts: [
      { name: 'consumer', close: async () => consumer?.close() },
      { name: 'http', close: () => app.close() },
      { name: 'replays', close: async () => replaySender?.stop() },
      { name: 'relay', close: async () => relay?.stop() },
      { name: 'database', close: () => database.close() },
    ],
  };
}

function messagingModule(definition: ServiceDefinition, config: ServiceConfig, logger: Logger) {
  return MessagingModule.forRoot(
    {
      service: definition.name as ServiceName,
      rebuilds: definition.rebuilds ?? {},
      prefix: config.TOPOLOGY_PREFIX,
      topologyMode: config.TOPOLOGY_MODE,
      maxInFlight: config.MAX_IN_FLIGHT,
      visibilityTimeoutSeconds: config.VISIBILITY_SECONDS,
      maxHandlerSeconds: config.MAX_HANDLER_SECONDS,
      ...(config.CLAIM_CHECK_BUCKET === undefined
        ? {}
        : { claimCheckBucket: config.CLAIM_CHECK_BUCKET }),
    },
    { log: logger },
  );
}

/** Told, but no reason to stop accepting: the outbox keeps what is written while queues are away. */
function requireReceiving(consumer: SqsEventServer): void {
  const deaf = consumer.stats().queues.filter((queue) => !queue.isReceiving);
  if (deaf.length > 0) throw new Error(`not receiving from ${deaf.map(({ queue }) => queue)}`);
}

const PARTITIONS_EVERY_MS = 6 * 3600 * 1000;

/** Partitions are made months ahead, so a missed turn does no harm. */
async function maintainPartitions(database: Database, logger: Logger): Promise<void> {
  const run = () => database.outsideInstitutions((tx) => tx.query('SELECT maintain_partitions()'));
  await run();
  const again = () => run().catch((error: unknown) => logger.error({ error }, 'no new partitions'));
  setInterval(() => void again(), PARTITIONS_EVERY_MS).unref();
}

function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
