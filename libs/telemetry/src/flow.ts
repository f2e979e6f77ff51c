import { type ExportResult, ExportResultCode } from '@opentelemetry/core';

/** What became of the records of one signal since the start, and what waits to be sent. */
export interface FlowState {
  waiting: number;
  /** With the exporter, which has not been answered yet. */
  exporting: number;
  sent: number;
  /** Never queued, because the queue was full. */
  queueFull: number;
  /** Queued, but the backend was away, refused them or did not answer in time. */
  notDelivered: number;
}

/**
 * Counts the records of one signal on their way to the backend. The queues of the SDK drop in
 * silence; here it is decided beforehand, by the same bound, whether a record still fits.
 */
export class Flow {
  private waiting = 0;
  private exporting = 0;
  private sent = 0;
  private queueFull = 0;
  private notDelivered = 0;

  constructor(private readonly maxWaiting: number) {}

  /** False when the record must be dropped. */
  admit(): boolean {
    if (this.waiting >= this.maxWaiting) {
      this.queueFull += 1;
      return false;
    }
    this.waiting += 1;
    return true;
  }

  state(): FlowState {
    const { waiting, exporting, sent, queueFull, notDelivered } = this;
    return { waiting, exporting, sent, queueFull, notDelivered };
  }

  /** Hands `count` records to an exporter: they wait no more, and arrive or do not. */
  leave(
    count: number,
    done: (result: ExportResult) => void,
    send: (done: (result: ExportResult) => void) => void,
  ): void {
    this.waiting = Math.max(0, this.waiting - count);
    this.exporting += count;
    send((result) => {
      this.exporting -= count;
      if (result.code === ExportResultCode.SUCCESS) this.sent += count;
      else this.notDelivered += count;
      done(result);
    });
  }
}
