import type { Operation } from '../load/history.js';
import type { EventFact, Facts } from './facts.js';

const CONSUMERS: [string, string[]][] = [
  ['assignments.attempt-submitted.v1', ['grading']],
  ['grading.attempt-scored.v2', ['gradebook']],
  ['gradebook.cell-changed.v1', ['lti']],
];

export const KEY_OF = (attemptId: string) => `key-of-${attemptId}`;
export const TRACE_OF = (attemptId: string) => `trace-of-${attemptId}`;

export function submission(
  attemptId: string,
  points: number,
  rest: Partial<Operation> = {},
): Operation {
  return {
    kind: 'submit',
    by: 'owner',
    institutionId: 'institution',
    learnerId: 'learner',
    assignmentId: 'assignment',
    attemptId,
    key: KEY_OF(attemptId),
    expectedPoints: points,
    outcome: 'ok',
    tries: [{ at: '', outcome: 'ok', status: 201, code: '', requestId: TRACE_OF(attemptId) }],
    startedAt: '',
    endedAt: '',
    ...rest,
  };
}

const ids = ['first', 'second'] as const;

/**
 * A learner's two attempts at one assignment, with 1 and 2 points: everything arrived once and in
 * order. For specs, which break one thing each.
 */
export function soundFacts(): Facts {
  const points = { first: 1, second: 2 };
  const events = soundEvents();
  return {
    operations: ids.map((id) => submission(id, points[id])),
    consumersOf: new Map(CONSUMERS),
    events,
    applications: events.map(({ eventId, type, traceId }) => ({
      consumer: new Map(CONSUMERS).get(type)?.[0] as string,
      eventId,
      type,
      traceId,
      times: 1,
    })),
    attempts: ids.map((attemptId) => ({
      attemptId,
      assignmentId: 'assignment',
      learnerId: 'learner',
      status: 'submitted',
      submissionKey: KEY_OF(attemptId),
      traceId: TRACE_OF(attemptId),
    })),
    scores: ids.map((attemptId) => ({
      attemptId,
      version: 1,
      status: 'final',
      points: points[attemptId],
      versions: [
        { version: 1, cause: 'scored', points: points[attemptId], traceId: TRACE_OF(attemptId) },
      ],
    })),
    cells: [
      {
        cellId: 'cell',
        classId: 'class',
        assignmentId: 'assignment',
        learnerId: 'learner',
        version: 2,
        attemptId: 'second',
        points: 2,
        attempts: {
          first: { scoreVersion: 1, points: 1 },
          second: { scoreVersion: 1, points: 2 },
        },
        history: ids.map((attemptId, index) => ({
          version: index + 1,
          attemptId,
          points: points[attemptId],
          traceId: TRACE_OF(attemptId),
        })),
      },
    ],
    knownCells: [{ cellId: 'cell', version: 2, points: 2 }],
    projections: [
      {
        service: 'lti',
        consumer: 'lti',
        type: 'gradebook.cell-changed.v1',
        subject: 'cell',
        version: 2,
      },
    ],
    letters: [],
    planted: [],
    totals: [{ classId: 'class', learnerId: 'learner', points: 2 }],
  };
}

/** Each attempt was submitted, scored, and changed the cell. */
function soundEvents(): EventFact[] {
  const event = (of: string, type: number, subject: string, version: number): EventFact => ({
    eventId: `${['submitted', 'scored', 'changed'][type]}-${of}`,
    owner: ['assignments', 'grading', 'gradebook'][type] as string,
    type: CONSUMERS[type]?.[0] as string,
    subject,
    version,
    traceId: TRACE_OF(of),
    causationId: [null, `submitted-${of}`, `scored-${of}`][type] ?? null,
    isPublished: true,
    isFailed: false,
  });
  return ids.flatMap((id, index) => [
    event(id, 0, id, 2),
    event(id, 1, id, 1),
    event(id, 2, 'cell', index + 1),
  ]);
}
