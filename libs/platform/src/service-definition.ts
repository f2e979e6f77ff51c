import type { Type } from '@nestjs/common';
import type { Rebuild } from '@parlance/messaging';
import type { SqlMigration } from './database/migrate.js';

/** Rows that came of a request, for the on-call trace. `sql` has $1 = trace id. */
export interface TraceRecords {
  /** The row's noun, e.g. `attempt`. */
  noun: string;
  /** Selects `id` and what an on-call engineer may see: states, versions, never answers. */
  sql: string;
}

/** All that makes a service of a Nest module; each service exports one. */
export interface ServiceDefinition {
  name: string;
  title: string;
  module: Type;
  migrations: readonly SqlMigration[];
  traceRecords?: readonly TraceRecords[];
  /** Projections that can be rebuilt from events beside the one in use, by name. */
  rebuilds?: Readonly<Record<string, Rebuild>>;
  /** Content types handed to the controller as a Buffer, with their greatest size. */
  rawBodies?: readonly { contentType: string; maxBytes: number }[];
  /** Routes that take more JSON than others: the path as it is served, with its greatest size. */
  largeBodies?: readonly { path: string; maxBytes: number }[];
  /** False: no outbox, no queues (on-call must not depend on what it watches). */
  messaging?: boolean;
  /** Routes outside `/api/v1`, as their controllers spell them. */
  unprefixed?: readonly string[];
  /** False: makes no spans or log records for the backend (on-call is the backend). */
  exportsTelemetry?: boolean;
}
