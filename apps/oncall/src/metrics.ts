import { Inject, Injectable } from '@nestjs/common';
import type { Measurement, MetricPoint, Series, SeriesName } from './domain/metrics.js';
import { ONCALL_CONFIG, type OncallConfig } from './oncall-config.js';

/** How long points are kept. */
export const KEPT_MS = 15 * 60_000;
/** Of points that come closer the newest is kept, as senders may report every second. */
const STEP_MS = 9_000;
/** How far ahead a sender's clock may be. */
const AHEAD_MS = 60_000;

/** What became of points since the start. */
export interface MetricsStats {
  series: number;
  takenPoints: number;
  /** Of series for which there was no room. */
  droppedPoints: number;
  /** Too old, or from the future. */
  strayPoints: number;
}

interface Kept {
  name: SeriesName;
  points: Measurement[];
}

/**
 * The last quarter of an hour of all series, in memory alone: what is longer ago is for a backend
 * that is made for it. The number of series is bounded, because attributes come from outside.
 */
@Injectable()
export class Metrics {
  private readonly kept = new Map<string, Kept>();
  private takenPoints = 0;
  private droppedPoints = 0;
  private strayPoints = 0;
  private prunedAtMs = -Infinity;

  constructor(@Inject(ONCALL_CONFIG) private readonly config: Pick<OncallConfig, 'maxSeries'>) {}

  /** Keeps what it has room for; the return value is how many points it had none for. */
  take(points: readonly MetricPoint[], nowMs = Date.now()): number {
    if (nowMs - this.prunedAtMs > STEP_MS) this.prune(nowMs);
    const droppedBefore = this.droppedPoints;
    for (const { series, ...point } of points) {
      if (point.atMs < nowMs - KEPT_MS || point.atMs > nowMs + AHEAD_MS) {
        this.strayPoints += 1;
        continue;
      }
      const kept = this.keptOf(series);
      if (kept === undefined) {
        this.droppedPoints += 1;
        continue;
      }
      add(kept.points, point);
      this.takenPoints += 1;
    }
    return this.droppedPoints - droppedBefore;
  }

  all(nowMs = Date.now()): Series[] {
    this.prune(nowMs);
    return [...this.kept.values()].map(({ name, points }) => ({ ...name, points: [...points] }));
  }

  stats(): MetricsStats {
    const { takenPoints, droppedPoints, strayPoints } = this;
    return { series: this.kept.size, takenPoints, droppedPoints, strayPoints };
  }

  private keptOf(name: SeriesName): Kept | undefined {
    const key = keyOf(name);
    const known = this.kept.get(key);
    if (known !== undefined || this.kept.size >= this.config.maxSeries) return known;
    const made = { name, points: [] };
    this.kept.set(key, made);
    return made;
  }

  private prune(nowMs: number): void {
    this.prunedAtMs = nowMs;
    for (const [key, { points }] of this.kept) {
      const firstKept = points.findIndex(({ atMs }) => atMs >= nowMs - KEPT_MS);
      if (firstKept === -1) this.kept.delete(key);
      else points.splice(0, firstKept);
    }
  }
}

/** In the order of time. The newest point replaces one that is hardly older, but not the first. */
function add(points: Measurement[], point: Measurement): void {
  const last = points.at(-1);
  if (last !== undefined && point.atMs < last.atMs) return;
  const beforeLast = points.at(-2);
  if (beforeLast && last && last.atMs - beforeLast.atMs < STEP_MS)
    points[points.length - 1] = point;
  else points.push(point);
}

function keyOf({ service, instance, name, kind, attributes }: SeriesName): string {
  const sorted = Object.entries(attributes).sort(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([service, instance, name, kind, sorted]);
}
