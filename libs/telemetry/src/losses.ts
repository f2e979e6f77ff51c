import type { Meter } from '@opentelemetry/api';
import type { Flow, FlowState } from './flow.js';

export type Signal = 'spans' | 'logs' | 'metrics';

/** The little of a logger that is needed here. */
export interface LossLog {
  warn(fields: object, message: string): void;
}

const REPORT_EVERY_MS = 60_000;

/** Says of lost telemetry that and how much was lost: as a metric, and in the log of the process. */
export class Losses {
  private readonly reported = new Map<Signal, number>();
  private timer: NodeJS.Timeout | undefined;
  private log: LossLog | undefined;

  constructor(private readonly flows: ReadonlyMap<Signal, Flow>) {}

  state(): Partial<Record<Signal, FlowState>> {
    return Object.fromEntries([...this.flows].map(([signal, flow]) => [signal, flow.state()]));
  }

  /** `telemetry.dropped`, by signal and reason. */
  observe(meter: Meter): void {
    const dropped = meter.createObservableCounter('telemetry.dropped', {
      description: 'Spans, log records and metric points that never reached the backend.',
      unit: '{record}',
    });
    dropped.addCallback((result) => {
      for (const [signal, flow] of this.flows) {
        const { queueFull, notDelivered } = flow.state();
        result.observe(queueFull, { 'app.signal': signal, 'app.reason': 'queue-full' });
        result.observe(notDelivered, { 'app.signal': signal, 'app.reason': 'not-delivered' });
      }
    });
  }

  /** At most one line a minute, and only when something was lost since the last. */
  reportTo(log: LossLog): void {
    this.log = log;
    this.timer ??= setInterval(() => this.report(), REPORT_EVERY_MS).unref();
  }

  /** The last line, which also counts what has not arrived by now: nobody will send it again. */
  close(): void {
    clearInterval(this.timer);
    this.report(true);
  }

  private report(isEnd = false): void {
    const lost: Partial<Record<Signal, number>> = {};
    for (const [signal, flow] of this.flows) {
      const { queueFull, notDelivered, waiting, exporting } = flow.state();
      const total = queueFull + notDelivered + (isEnd ? waiting + exporting : 0);
      const since = total - (this.reported.get(signal) ?? 0);
      if (since > 0) lost[signal] = since;
      this.reported.set(signal, total);
    }
    if (Object.keys(lost).length === 0) return;
    this.log?.warn({ lost }, 'telemetry was lost: the backend is away or too slow');
  }
}
