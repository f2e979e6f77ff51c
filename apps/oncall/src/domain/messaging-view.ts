import { type Buckets, type Growth, growthOf, quantileOf, type Series, sumOf } from './metrics.js';

/** What growth is told of: long enough to be smooth, short enough to be now. */
export const WINDOW_MS = 5 * 60_000;

/** A service that reported nothing for so long is told as silent, and its levels as unknown. */
export const FRESH_MS = 90_000;

export interface ServiceRow {
  service: string;
  /** When it last reported anything of messaging. */
  reportedAtMs: number;
  isSilent: boolean;
  oldestUnpublishedSeconds: number | undefined;
  /** Events SNS refused, which hold back their keys. */
  failedEvents: number | undefined;
  publishedPerSecond: number;
  /** Tries to publish that failed, within the window. */
  publishFailures: number;
  /** Spans, log records and metric points lost within the window. */
  telemetryLost: number;
}

export interface QueueRow {
  queue: string;
  consumer: string;
  inFlight: number | undefined;
  handledPerSecond: number;
  /** Seconds from the commit of an event to that of its effects, within the window. */
  ageP50: number | undefined;
  ageP99: number | undefined;
  handlingP99: number | undefined;
  retries: number;
  deadLetters: number;
  duplicates: number;
  lost: number;
  /** Messages that lie in its dead-letter queues now. */
  deadLetterDepth: number | undefined;
}

export interface MessagingView {
  atMs: number;
  services: ServiceRow[];
  queues: QueueRow[];
}

/** What the page shows of the series of all services. */
export function messagingView(all: readonly Series[], nowMs: number): MessagingView {
  const services = [...new Set(all.map(({ service }) => service))].sort();
  const queues = new Map<string, Series[]>();
  for (const series of all) {
    const { 'app.consumer': consumer, 'app.queue': of } = series.attributes;
    const queue = of ?? series.attributes['messaging.destination.name'];
    if (consumer === undefined || queue === undefined) continue;
    queues.set(queue, [...(queues.get(queue) ?? []), series]);
  }
  return {
    atMs: nowMs,
    services: services.map((service) => {
      return serviceRow(
        service,
        all.filter((series) => series.service === service),
        nowMs,
      );
    }),
    queues: [...queues].sort().map(([queue, series]) => queueRow(queue, series, nowMs)),
  };
}

function serviceRow(service: string, all: Series[], nowMs: number): ServiceRow {
  const look = new Look(all, nowMs);
  const reportedAtMs = Math.max(...all.map(({ points }) => points.at(-1)?.atMs ?? 0));
  const sent = 'messaging.client.sent.messages';
  return {
    service,
    reportedAtMs,
    isSilent: nowMs - reportedAtMs > FRESH_MS,
    oldestUnpublishedSeconds: look.level('outbox.oldest_unpublished_seconds', Math.max),
    failedEvents: look.level('outbox.failed', Math.max),
    publishedPerSecond: look.perSecond(sent, (attributes) => !('error.type' in attributes)),
    publishFailures: look.growth(sent, (attributes) => 'error.type' in attributes).count,
    telemetryLost: look.growth('telemetry.dropped').count,
  };
}

function queueRow(queue: string, all: Series[], nowMs: number): QueueRow {
  const look = new Look(all, nowMs);
  const handled = 'messaging.process.duration';
  const outcome = (...kinds: string[]) => look.growth(handled, isOutcome(kinds)).count;
  const age = look.growth('event.end_to_end_age').buckets;
  return {
    queue,
    consumer: all[0]?.attributes['app.consumer'] ?? '',
    inFlight: look.level('consumer.in_flight', sum),
    handledPerSecond: look.perSecond(handled, isOutcome(['applied', 'duplicate'])),
    ageP50: quantileOf(age, 0.5),
    ageP99: quantileOf(age, 0.99),
    handlingP99: quantileOf(look.growth(handled).buckets, 0.99),
    retries: outcome('retry', 'outage'),
    deadLetters: outcome('dead'),
    duplicates: look.growth('inbox.duplicates').count,
    lost: look.growth('visibility.lost').count,
    deadLetterDepth: look.depth(),
  };
}

type Attributes = Series['attributes'];

function isOutcome(kinds: string[]) {
  return (attributes: Attributes) => kinds.includes(attributes['app.outcome'] ?? '');
}

const sum = (...values: number[]) => values.reduce((total, value) => total + value, 0);

/** Questions to some series at one moment. */
class Look {
  constructor(
    private readonly all: readonly Series[],
    private readonly nowMs: number,
  ) {}

  /** The newest values of a gauge, of processes that still report. */
  level(name: string, join: (...values: number[]) => number): number | undefined {
    const values = this.named(name).flatMap(({ points }) => {
      const last = points.at(-1);
      return last && this.nowMs - last.atMs <= FRESH_MS ? [last.value] : [];
    });
    return values.length === 0 ? undefined : join(...values);
  }

  /** Every process of a service sees the same queues: the highest of each queue counts. */
  depth(): number | undefined {
    const names = this.named('dlq.depth').map(
      ({ attributes }) => attributes['messaging.destination.name'],
    );
    const depths = [...new Set(names)].flatMap((name) => {
      const own = this.all.filter((one) => one.attributes['messaging.destination.name'] === name);
      const depth = new Look(own, this.nowMs).level('dlq.depth', Math.max);
      return depth === undefined ? [] : [depth];
    });
    return depths.length === 0 ? undefined : sum(...depths);
  }

  growth(name: string, isMeant: (attributes: Attributes) => boolean = () => true): Growth {
    const sinceMs = this.nowMs - WINDOW_MS;
    let count = 0;
    let seconds = 0;
    let buckets: Buckets | undefined;
    for (const series of this.named(name)) {
      if (!isMeant(series.attributes)) continue;
      const growth = growthOf(series, sinceMs, this.nowMs);
      count += growth.count;
      seconds = Math.max(seconds, growth.seconds);
      buckets = sumOf(buckets, growth.buckets);
    }
    return { count, seconds, ...(buckets && { buckets }) };
  }

  perSecond(name: string, isMeant: (attributes: Attributes) => boolean): number {
    const { count, seconds } = this.growth(name, isMeant);
    return seconds > 0 ? count / seconds : 0;
  }

  private named(name: string): Series[] {
    return this.all.filter((series) => series.name === name);
  }
}
