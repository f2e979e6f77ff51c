/** What a metric counts: a level, a total that only grows, or totals by bucket. */
export const METRIC_KINDS = ['gauge', 'counter', 'histogram'] as const;
export type MetricKind = (typeof METRIC_KINDS)[number];

/** Totals since the start of the process that sends them. */
export interface Buckets {
  count: number;
  sum: number;
  /** Upper bounds, growing; there is one more count than bounds. */
  bounds: readonly number[];
  counts: readonly number[];
}

/** Who measures what: one line of a chart. */
export interface SeriesName {
  service: string;
  /** Tells processes of one service apart. */
  instance: string;
  name: string;
  unit: string;
  kind: MetricKind;
  attributes: Readonly<Record<string, string>>;
}

/** One measurement. Totals count from `startedAtMs`; milliseconds since the epoch. */
export interface Measurement {
  startedAtMs: number;
  atMs: number;
  /** Of a histogram the sum of what was recorded. */
  value: number;
  buckets?: Buckets;
}

export interface MetricPoint extends Measurement {
  series: SeriesName;
}

export interface Series extends SeriesName {
  /** Oldest first; at least one. */
  points: readonly Measurement[];
}

/** Growth of a total, and the seconds in which it was seen to grow. */
export interface Growth {
  count: number;
  seconds: number;
  /** Of histograms. */
  buckets?: Buckets;
}

/**
 * How much a series of totals grew since an instant. A process that began anew begins at zero: what
 * is lower than before, or has another start, is growth itself. What was counted before the first
 * known point is growth only when counting began after `sinceMs`.
 */
export function growthOf(series: Series, sinceMs: number, nowMs: number): Growth {
  const { points } = series;
  const before = points.findLast(({ atMs }) => atMs <= sinceMs);
  const within = points.filter(({ atMs }) => atMs > sinceMs);
  let last = before ?? (within[0] && beginningOf(within[0], sinceMs));
  const fromMs = last?.atMs ?? nowMs;
  const growth: Growth = { count: 0, seconds: Math.max(0, (nowMs - fromMs) / 1000) };
  for (const point of within) {
    const isAnew = point.startedAtMs !== last?.startedAtMs || totalOf(point) < totalOf(last);
    growth.count += totalOf(point) - (isAnew ? 0 : totalOf(last as Measurement));
    if (point.buckets !== undefined) {
      const base = isAnew ? undefined : last?.buckets;
      growth.buckets = sumOf(growth.buckets, differenceOf(point.buckets, base));
    }
    last = point;
  }
  return growth;
}

/** The counts of two histograms together; when their bounds differ the first alone. */
export function sumOf(one: Buckets | undefined, other: Buckets | undefined): Buckets | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  if (one.bounds.join() !== other.bounds.join()) return one;
  return {
    count: one.count + other.count,
    sum: one.sum + other.sum,
    bounds: one.bounds,
    counts: one.counts.map((count, index) => count + (other.counts[index] ?? 0)),
  };
}

/**
 * The value below which the given part (0 to 1) of what was recorded lies, as if it were spread
 * evenly within its bucket; what lies beyond the last bound is told as that bound. Undefined when
 * nothing was recorded.
 */
export function quantileOf(buckets: Buckets | undefined, part: number): number | undefined {
  if (buckets === undefined || buckets.count <= 0) return undefined;
  const { bounds, counts, count } = buckets;
  const rank = part * count;
  let below = 0;
  for (const [index, inBucket] of counts.entries()) {
    const upper = bounds[index];
    if (upper === undefined) break;
    if (inBucket > 0 && below + inBucket >= rank) {
      const lower = index === 0 ? 0 : (bounds[index - 1] as number);
      return lower + (upper - lower) * ((rank - below) / inBucket);
    }
    below += inBucket;
  }
  return bounds.at(-1);
}

function totalOf(point: Measurement | undefined): number {
  return point?.buckets?.count ?? point?.value ?? 0;
}

/** Zero at the start of the process when that was seen; else the point itself. */
function beginningOf(first: Measurement, sinceMs: number): Measurement {
  if (first.startedAtMs < sinceMs) return first;
  const { startedAtMs, buckets } = first;
  const none = buckets && { ...buckets, count: 0, sum: 0, counts: buckets.counts.map(() => 0) };
  return { startedAtMs, atMs: startedAtMs, value: 0, ...(none && { buckets: none }) };
}

function differenceOf(now: Buckets, before: Buckets | undefined): Buckets {
  if (before === undefined || before.bounds.join() !== now.bounds.join()) return now;
  return {
    count: now.count - before.count,
    sum: now.sum - before.sum,
    bounds: now.bounds,
    counts: now.counts.map((count, index) => Math.max(0, count - (before.counts[index] ?? 0))),
  };
}
