import type { MetricPoint } from './domain/metrics.js';
import { KEPT_MS, Metrics } from './metrics.js';

const NOW = 1_800_000_000_000;

function point(atMs: number, value: number, attributes: Record<string, string> = {}): MetricPoint {
  const series = {
    ...{ service: 'grading', instance: 'a', name: 'x', unit: '', kind: 'counter' as const },
    attributes,
  };
  return { series, startedAtMs: NOW - 3_600_000, atMs, value };
}

const store = (maxSeries = 10) => new Metrics({ maxSeries });

test('points are kept for a quarter of an hour, and their series as long', () => {
  const metrics = store();
  metrics.take([point(NOW, 1)], NOW);
  metrics.take([point(NOW + 60_000, 2)], NOW + 60_000);
  const later = NOW + KEPT_MS + 1;
  expect(metrics.all(later)[0]?.points.map(({ value }) => value)).toEqual([2]);
  expect(metrics.all(later + 60_000)).toEqual([]);
  expect(metrics.stats().series).toBe(0);
});

test('of points that come every second about one in ten is kept, the newest always', () => {
  const metrics = store();
  for (let second = 0; second <= 900; second += 1) {
    const atMs = NOW + second * 1000;
    metrics.take([point(atMs, second)], atMs);
  }
  const points = metrics.all(NOW + 900_000)[0]?.points ?? [];
  expect(points.length).toBeGreaterThan(80);
  expect(points.length).toBeLessThanOrEqual(102);
  expect(points.at(-1)?.value).toBe(900);
});

test('a point that overtook a newer one changes nothing', () => {
  const metrics = store();
  metrics.take([point(NOW, 5), point(NOW - 10_000, 3)], NOW);
  expect(metrics.all(NOW)[0]?.points.map(({ value }) => value)).toEqual([5]);
});

test('the order of attributes makes no other series', () => {
  const metrics = store();
  metrics.take([point(NOW, 1, { a: '1', b: '2' }), point(NOW + 1, 2, { b: '2', a: '1' })], NOW);
  expect(metrics.all(NOW)).toHaveLength(1);
});

test('a series that is silent makes room for another', () => {
  const metrics = store(1);
  expect(metrics.take([point(NOW, 1, { a: '1' })], NOW)).toBe(0);
  expect(metrics.take([point(NOW, 1, { a: '2' })], NOW)).toBe(1);
  const later = NOW + KEPT_MS + 20_000;
  expect(metrics.take([point(later, 1, { a: '2' })], later)).toBe(0);
  expect(metrics.stats()).toEqual({
    series: 1,
    takenPoints: 2,
    droppedPoints: 1,
    strayPoints: 0,
  });
});
