import 'reflect-metadata';
import { Controller, Global, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import {
  AttemptScored,
  type AttemptScoredData,
  type EventDefinition,
  type ServiceName,
} from '@parlance/events';
import { newId } from '@parlance/kernel';
import {
  type EventContext,
  type MessagingLog,
  MessagingModule,
  messagingMigration,
  replayMigration,
  Outbox,
  OutboxRelay,
  SqsEventServer,
  TRANSACTIONS,
} from '@parlance/messaging';
import { startTelemetry } from '@parlance/telemetry';
import pg from 'pg';
import { PgTransactions } from '../pg-transactions.js';

export interface WayTask {
  ownerUrl: string;
  appUrl: string;
  appRole: string;
  awsEndpoint: string;
  prefix: string;
  /** Undefined: telemetry is off. */
  telemetryEndpoint: string | undefined;
  events: number;
}

export interface WayReport {
  perSecond: number;
  cpuMsPerEvent: number;
  /** Spans and log records that did not reach the backend. */
  lost: number;
  stopMs: number;
}

const EVENTS = [AttemptScored] as readonly unknown[] as readonly EventDefinition[];
/** Whatever goes wrong would else be a bench that never ends, and nobody would know why. */
const FAULTS: MessagingLog = { info() {}, warn: console.error, error: console.error };
const PER_TRANSACTION = 20;
const WRITERS = 4;
/** Of which nothing is counted: code gets compiled, connections are opened. */
const WARM_UP = 1_000;

/** Runs producer and consumer in this process, as one service each, and measures them. */
export async function measureWay(task: WayTask): Promise<WayReport> {
  process.env.AWS_ENDPOINT_URL = task.awsEndpoint;
  const telemetry = startTelemetry({
    service: 'bench',
    ...(task.telemetryEndpoint === undefined ? {} : { endpoint: task.telemetryEndpoint }),
  });
  await makeTables(task);
  const transactions = new PgTransactions(task.appUrl, 16);
  const arrivals = new Arrivals();
  const producer = await startApp('grading', task, transactions, []);
  const consumer = await startApp('gradebook', task, transactions, [handlerFor(arrivals)]);
  producer.get(OutboxRelay).start();
  const outbox = producer.get(Outbox);

  await writeAll(outbox, transactions, WARM_UP);
  await arrivals.reach(WARM_UP);
  const cpu = process.cpuUsage();
  const startedMs = performance.now();
  await writeAll(outbox, transactions, task.events);
  await arrivals.reach(WARM_UP + task.events);
  const seconds = (performance.now() - startedMs) / 1000;
  const { user, system } = process.cpuUsage(cpu);

  await consumer.close();
  await producer.close();
  const stoppingMs = performance.now();
  await telemetry.stop();
  const stopMs = performance.now() - stoppingMs;
  await transactions.end();
  const { spans, logs } = telemetry.state();
  const lost = [spans, logs].map((flow) =>
    flow === undefined ? 0 : flow.queueFull + flow.notDelivered + flow.waiting + flow.exporting,
  );
  return {
    perSecond: task.events / seconds,
    cpuMsPerEvent: (user + system) / 1000 / task.events,
    lost: lost.reduce((sum, one) => sum + one, 0),
    stopMs,
  };
}

async function makeTables({ ownerUrl, appRole }: WayTask): Promise<void> {
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  const tables = [...messagingMigration(appRole).up, ...replayMigration(appRole).up];
  for (const sql of tables) await owner.query(sql);
  await owner.query('CREATE TABLE effect (attempt_id uuid PRIMARY KEY, points numeric NOT NULL)');
  await owner.query(`GRANT INSERT ON effect TO ${appRole}`);
  await owner.end();
}

async function startApp(
  service: ServiceName,
  { prefix }: WayTask,
  transactions: PgTransactions,
  controllers: Type[],
) {
  @Global()
  @Module({
    providers: [{ provide: TRANSACTIONS, useValue: transactions }],
    exports: [TRANSACTIONS],
  })
  class DatabaseModule {}

  const messaging = { service, prefix, topologyMode: 'create' as const, events: EVENTS };
  @Module({
    imports: [DatabaseModule, MessagingModule.forRoot(messaging, { log: FAULTS })],
    controllers,
  })
  class ServiceModule {}

  const app = await NestFactory.create(ServiceModule, new FastifyAdapter(), { logger: false });
  app.connectMicroservice({ strategy: app.get(SqsEventServer) });
  await app.startAllMicroservices();
  return app;
}

function handlerFor(arrivals: Arrivals): Type {
  @Controller()
  class OnScored {
    @EventPattern<string>(AttemptScored.type)
    async handle(
      @Payload() event: { data: AttemptScoredData },
      @Ctx() { tx }: EventContext,
    ): Promise<void> {
      const { attemptId, points } = event.data;
      await tx.query('INSERT INTO effect VALUES ($1, $2)', [attemptId, points]);
      tx.afterCommit?.(() => arrivals.one());
    }
  }
  return OnScored;
}

/** Effects that are committed. */
class Arrivals {
  private count = 0;
  private wanted = Infinity;
  private tell = (): void => undefined;

  one(): void {
    this.count += 1;
    if (this.count >= this.wanted) this.tell();
  }

  async reach(wanted: number): Promise<void> {
    this.wanted = wanted;
    if (this.count < wanted) await new Promise<void>((resolve) => (this.tell = resolve));
  }
}

async function writeAll(outbox: Outbox, transactions: PgTransactions, events: number) {
  let left = events;
  const write = async (): Promise<void> => {
    while (left > 0) {
      const count = Math.min(PER_TRANSACTION, left);
      left -= count;
      const institutionId = newId();
      await transactions.inInstitution(institutionId, async (tx) => {
        for (let index = 0; index < count; index += 1) {
          await outbox.add(tx, AttemptScored, { version: 1, institutionId, data: scored() });
        }
      });
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, write));
}

function scored(): AttemptScoredData {
  const at = new Date().toISOString();
  return {
    ...{ attemptId: newId(), assignmentId: newId(), classId: newId(), learnerId: newId() },
    ...{ attemptNumber: 1, scoreVersion: 1, status: 'final', points: 7, computedPoints: 7 },
    ...{ pointsPossible: 10, overridden: false, cause: 'scored', actorId: null },
    ...{ submittedAt: at, scoredAt: at, scoreReleased: true },
  };
}
