import { EVENTS } from '@parlance/events';
import type { QueueMessage } from '@parlance/messaging/testing';
import { classRows } from '../../demo/gradebook.js';
import type { Arena } from '../arena/arena.js';
import { type Databases, MESSAGING_SERVICES } from '../arena/databases.js';
import type { Operation } from '../load/history.js';
import type { School } from '../load/school.js';
import type {
  ApplicationFact,
  AttemptFact,
  CellFact,
  EventFact,
  Facts,
  KnownCellFact,
  LetterFact,
  PlantedFact,
  ProjectionFact,
  ScoreFact,
  TotalFact,
} from './facts.js';

/** Reads every service's database directly, past all row-level security. */
export async function readFacts(
  arena: Arena,
  schools: School[],
  operations: readonly Operation[],
  planted: PlantedFact[],
  keptLetters: LetterFact[],
): Promise<Facts> {
  const { databases } = arena;
  return {
    operations,
    planted,
    consumersOf: new Map(EVENTS.map(({ type, consumers }) => [type as string, consumers])),
    events: await fromEach(databases, EVENT_ROWS),
    applications: await fromEach(databases, APPLICATION_ROWS),
    projections: await fromEach(databases, PROJECTION_ROWS),
    attempts: await databases.rows<AttemptFact>('assignments', ATTEMPT_ROWS),
    scores: await databases.rows<ScoreFact>('grading', SCORE_ROWS),
    cells: await databases.rows<CellFact>('gradebook', CELL_ROWS),
    knownCells: await databases.rows<KnownCellFact>('lti', KNOWN_CELL_ROWS),
    letters: [...keptLetters, ...(await readLetters(arena))],
    totals: await totalsOf(arena, schools),
  };
}

async function fromEach<R extends EventFact | ApplicationFact | ProjectionFact>(
  databases: Databases,
  sql: string,
): Promise<R[]> {
  const all: R[] = [];
  for (const service of MESSAGING_SERVICES) {
    all.push(...(await databases.rows<R>(service, sql, [service])));
  }
  return all;
}

/** Every dead letter there is; it stays where it is. */
export async function readLetters(arena: Arena): Promise<LetterFact[]> {
  const byQueue: Record<string, QueueMessage[]> = await arena.queues.deadLetters();
  return Object.entries(byQueue).flatMap(([queue, messages]) =>
    messages.map(({ body, attributes }) => {
      const texts = Object.entries(attributes).map(([name, value]) => [name, value.StringValue]);
      const named = Object.fromEntries(texts) as Record<string, string>;
      return { queue, body, attributes: named, eventId: named.ce_id, code: named.error_code };
    }),
  );
}

async function totalsOf(arena: Arena, schools: School[]): Promise<TotalFact[]> {
  const totals: TotalFact[] = [];
  for (const school of schools) {
    const { classId } = school;
    for (const row of await classRows(arena.api, await school.admin(), classId)) {
      totals.push({ classId, learnerId: row.learnerId, points: row.total.points });
    }
  }
  return totals;
}

const EVENT_ROWS = `
SELECT event_id AS "eventId", $1::text AS owner, type, envelope->>'subject' AS subject,
       agg_version::int AS version, trace_id AS "traceId",
       envelope->>'causationid' AS "causationId", published_at IS NOT NULL AS "isPublished",
       failed_at IS NOT NULL AS "isFailed"
  FROM outbox`;

const APPLICATION_ROWS = `
SELECT consumer, event_id AS "eventId", min(type) AS type, min(trace_id) AS "traceId",
       count(*)::int AS times
  FROM inbox WHERE $1::text <> '' GROUP BY consumer, event_id`;

const PROJECTION_ROWS = `
SELECT $1::text AS service, consumer, type, subject, version::int AS version
  FROM projection_version`;

const ATTEMPT_ROWS = `
SELECT id AS "attemptId", assignment_id AS "assignmentId", learner_id AS "learnerId", status,
       submission_key AS "submissionKey", trace_id AS "traceId"
  FROM attempt`;

const SCORE_ROWS = `
SELECT s.attempt_id AS "attemptId", s.version, s.status, s.computed_points::float8 AS points,
       v.versions
  FROM attempt_score s
 CROSS JOIN LATERAL (
   SELECT json_agg(json_build_object('version', version, 'cause', cause,
                                     'points', points::float8, 'traceId', trace_id)
                   ORDER BY version) AS versions
     FROM attempt_score_version v WHERE v.attempt_id = s.attempt_id
      AND v.institution_id = s.institution_id) v`;

const CELL_ROWS = `
SELECT c.id AS "cellId", c.class_id AS "classId", c.assignment_id AS "assignmentId",
       c.learner_id AS "learnerId", c.version, c.attempt_id AS "attemptId",
       c.points::float8 AS points, c.attempts, h.history
  FROM cell c
 CROSS JOIN LATERAL (
   SELECT json_agg(json_build_object('version', version, 'attemptId', attempt_id,
                                     'points', points::float8, 'traceId', trace_id)
                   ORDER BY version) AS history
     FROM cell_history h WHERE h.cell_id = c.id AND h.institution_id = c.institution_id) h`;

const KNOWN_CELL_ROWS = `
SELECT cell_id AS "cellId", cell_version AS version, points::float8 AS points FROM cell`;
