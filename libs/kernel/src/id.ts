import { v7, validate, version } from 'uuid';

/** A UUIDv7 (RFC 9562) in lower case; made by the application, so sortable by creation time. */
export type Id = string;

export function newId(): Id {
  return v7();
}

export function isId(value: unknown): value is Id {
  return typeof value === 'string' && validate(value) && version(value) >= 1;
}

/** The instant, in ms since the epoch, that a UUIDv7 carries; NaN for any other version. */
export function idTimeMs(id: Id): number {
  return version(id) === 7 ? Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16) : Number.NaN;
}
