import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Refusal } from '@parlance/kernel';
import { Database, LOGGER } from '@parlance/platform';
import type { Logger } from '@parlance/telemetry';
import { insertTelemetry } from './db/telemetry.store.js';
import type { LogLine, Span } from './domain/telemetry.js';
import { ONCALL_CONFIG, type OncallConfig } from './oncall-config.js';
import { Retention } from './retention.js';

interface Chunk {
  spans: Span[];
  logs: LogLine[];
  bytes: number;
}

/** What the intake did since it started. */
export interface IntakeStats {
  waitingRows: number;
  storedRows: number;
  /** Taken, but the database would not have them. */
  droppedRows: number;
  /** Exports answered with "come back later", because too much waits. */
  refusedExports: number;
}

const BATCH_ROWS = 500;
const BATCH_MS = 200;
const MAX_WAITING_BYTES = 64 * 1_048_576;
const MAX_BACKOFF_MS = 5000;
const CLOSE_MS = 3000;

/**
 * Between the receiver and the database: a bounded queue that is written in batches by one writer.
 * While the database is away it fills, and then refuses: exporters keep their own small queue and
 * drop the rest, and no service ever waits for its telemetry.
 */
@Injectable()
export class Intake implements OnApplicationShutdown {
  private readonly waiting: Chunk[] = [];
  private waitingRows = 0;
  private waitingBytes = 0;
  private storedRows = 0;
  private droppedRows = 0;
  private refusedExports = 0;
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> | undefined;
  private backoffMs = 0;
  private isClosing = false;

  constructor(
    private readonly database: Database,
    private readonly retention: Retention,
    @Inject(ONCALL_CONFIG) private readonly config: OncallConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Throws a Refusal (503 with Retry-After) while too much waits; ask before parsing a body. */
  requireRoom(): void {
    const { maxQueuedRows } = this.config;
    if (this.retention.isFull) this.refuse('telemetry-store-full', 60);
    if (this.waitingRows < maxQueuedRows && this.waitingBytes < MAX_WAITING_BYTES) return;
    this.refuse('telemetry-queue-full', 2);
  }

  /** Takes what an export of `bytes` held. It is stored within a second when all is well. */
  take(spans: Span[], logs: LogLine[], bytes: number): void {
    const rows = spans.length + logs.length;
    if (rows === 0) return;
    for (let from = 0; from < Math.max(spans.length, logs.length); from += BATCH_ROWS) {
      const chunk = {
        spans: spans.slice(from, from + BATCH_ROWS),
        logs: logs.slice(from, from + BATCH_ROWS),
      };
      const share = (chunk.spans.length + chunk.logs.length) / rows;
      this.waiting.push({ ...chunk, bytes: bytes * share });
    }
    this.waitingRows += rows;
    this.waitingBytes += bytes;
    this.wake();
  }

  stats(): IntakeStats {
    const { waitingRows, storedRows, droppedRows, refusedExports } = this;
    return { waitingRows, storedRows, droppedRows, refusedExports };
  }

  /** Resolves when everything taken so far is stored or dropped. */
  async settled(): Promise<void> {
    while (this.waitingRows > 0) {
      clearTimeout(this.timer);
      this.timer = undefined;
      await (this.writing ?? this.write());
    }
  }

  async onApplicationShutdown(): Promise<void> {
    this.isClosing = true;
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLOSE_MS);
    });
    await Promise.race([this.settled(), patience]);
    clearTimeout(timer);
    clearTimeout(this.timer);
  }

  private refuse(code: string, retryAfterSeconds: number): never {
    this.refusedExports += 1;
    const detail = 'There is no room for more telemetry now; send it again later.';
    throw new Refusal('unavailable', code, detail, [], retryAfterSeconds);
  }

  private wake(): void {
    if (this.writing !== undefined || this.waitingRows === 0) return;
    const isFull = this.waitingRows >= BATCH_ROWS && this.backoffMs === 0;
    if (isFull) {
      clearTimeout(this.timer);
      this.timer = undefined;
      void this.write();
    } else {
      this.timer ??= setTimeout(() => {
        this.timer = undefined;
        void this.write();
      }, this.backoffMs || BATCH_MS);
    }
  }

  private write(): Promise<void> {
    this.writing = this.writeBatch().finally(() => {
      this.writing = undefined;
      this.wake();
    });
    return this.writing;
  }

  private async writeBatch(): Promise<void> {
    const chunks = this.nextChunks();
    const spans = chunks.flatMap((chunk) => chunk.spans);
    const logs = chunks.flatMap((chunk) => chunk.logs);
    const rows = spans.length + logs.length;
    try {
      await this.database.outsideInstitutions((tx) => insertTelemetry(tx, spans, logs));
      this.storedRows += rows;
      this.backoffMs = 0;
    } catch (error) {
      if (await this.isWorthAnotherTry(error)) return;
      this.droppedRows += rows;
      this.logger.error({ error, rows }, 'telemetry was dropped');
    }
    this.waiting.splice(0, chunks.length);
    this.waitingRows -= rows;
    this.waitingBytes -= chunks.reduce((sum, chunk) => sum + chunk.bytes, 0);
    if (this.waiting.length === 0) this.waitingBytes = 0;
  }

  private nextChunks(): Chunk[] {
    let rows = 0;
    const end = this.waiting.findIndex((chunk, index) => {
      rows += chunk.spans.length + chunk.logs.length;
      return index > 0 && rows > BATCH_ROWS;
    });
    return this.waiting.slice(0, end === -1 ? this.waiting.length : end);
  }

  /** The rows were checked, so nearly every failure is the database being away. */
  private async isWorthAnotherTry(error: unknown): Promise<boolean> {
    const code = String((error as { code?: unknown }).code ?? '');
    if (code === '23514') {
      // No partition for today: the hourly turn did not come, e.g. because the machine slept.
      return this.retention.maintain().then(
        () => true,
        () => false,
      );
    }
    if (/^2[0-9]|^42/.test(code)) return false;
    if (this.backoffMs === 0) this.logger.warn({ code }, 'telemetry waits for the database');
    this.backoffMs = Math.min(MAX_BACKOFF_MS, Math.max(500, this.backoffMs * 2));
    if (this.isClosing) await new Promise((resolve) => setTimeout(resolve, 100).unref());
    return true;
  }
}
