import type { AreaMapping, AreaShape } from '../items/scoring-spec.js';
import type { Atom } from './values.js';

/**
 * Whether a point is within a shape, its edge included (QTI "shape" and "coords", which are those
 * of HTML image maps). A shape with coordinates missing holds no point.
 */
export function isInside(shape: AreaShape, coords: readonly number[], point: Atom): boolean {
  const [x = Number.NaN, y = Number.NaN] = String(point).split(' ').map(Number);
  const [a = Number.NaN, b = Number.NaN, c = Number.NaN, d = Number.NaN] = coords;
  switch (shape) {
    case 'default':
      return true;
    case 'rect':
      return (
        x >= Math.min(a, c) && x <= Math.max(a, c) && y >= Math.min(b, d) && y <= Math.max(b, d)
      );
    case 'circle':
      return (x - a) ** 2 + (y - b) ** 2 <= c ** 2;
    case 'ellipse':
      return ((x - a) / c) ** 2 + ((y - b) / d) ** 2 <= 1;
    case 'poly':
      return isInPolygon(coords, x, y);
  }
}

/** Even-odd rule, after the edges themselves; the last corner is joined to the first. */
function isInPolygon(coords: readonly number[], x: number, y: number): boolean {
  const corners = Math.floor(coords.length / 2);
  if (corners < 3) return false;
  let isIn = false;
  for (let corner = 0; corner < corners; corner += 1) {
    const next = (corner + 1) % corners;
    const [x1, y1] = [coords[2 * corner] as number, coords[2 * corner + 1] as number];
    const [x2, y2] = [coords[2 * next] as number, coords[2 * next + 1] as number];
    // Twice the area of the triangle of the edge and the point: zero when they are in one line.
    const turn = (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1);
    const isBetween =
      x >= Math.min(x1, x2) &&
      x <= Math.max(x1, x2) &&
      y >= Math.min(y1, y2) &&
      y <= Math.max(y1, y2);
    if (turn === 0 && isBetween) return true;
    // A ray to the right crosses edges that begin at or above it and end below, or the other way.
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) isIn = !isIn;
  }
  return isIn;
}

/** Which entry a point falls into: where areas overlap, the one listed first. */
export function areaAt(mapping: AreaMapping, point: Atom): AreaMapping['entries'][number] | null {
  return mapping.entries.find(({ shape, coords }) => isInside(shape, coords, point)) ?? null;
}

/** A point within an area to show as its key; whole pixels, as answers are. */
export function pointWithin(entry: AreaMapping['entries'][number]): string {
  const [a = 0, b = 0, c = 0, d = 0] = entry.coords;
  const [x, y] = entry.shape === 'rect' ? [(a + c) / 2, (b + d) / 2] : [a, b];
  return `${Math.round(x)} ${Math.round(y)}`;
}
