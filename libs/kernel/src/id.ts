import { v5, v7, validate, version } from 'uuid';

/** A UUIDv7 (RFC 9562) in lower case; made by the application, so sortable by creation time. */
export type Id = string;

export function newId(): Id {
  return v7();
}

const DAY_MS = 86_400_000;

/**
 * A UUIDv7 that carries the UTC day it was made on and no more. Such ids sort by day and at random
 * within it, so neither an id nor a list of them tells who was first.
 */
export function newDayId(nowMs = Date.now()): Id {
  return v7({ msecs: Math.floor(nowMs / DAY_MS) * DAY_MS });
}

/** Namespace of derived ids; any constant UUID does. */
const DERIVED = '6f0a7c9e-5d0b-5c3e-9a51-2f4e8d1b7a60';

/**
 * An id that follows from others: the same for the same ones, whoever makes it and how often. It
 * is a UUIDv7 with the time of the first, after which it was made. 74 bits of SHA-1 keep ids of
 * different origins apart.
 */
export function derivedId(kind: string, first: Id, ...others: Id[]): Id {
  const hash = v5([kind, first, ...others].join(' ').toLowerCase(), DERIVED);
  const time = version(first) === 7 ? first.toLowerCase().slice(0, 13) : '00000000-0000';
  return `${time}-7${hash.slice(0, 3)}${hash.slice(18)}`;
}

export function isId(value: unknown): value is Id {
  return typeof value === 'string' && validate(value) && version(value) >= 1;
}

/** The instant, in ms since the epoch, that a UUIDv7 carries; NaN for any other version. */
export function idTimeMs(id: Id): number {
  return version(id) === 7 ? Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16) : Number.NaN;
}
