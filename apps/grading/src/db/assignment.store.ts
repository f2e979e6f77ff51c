import { Injectable } from '@nestjs/common';
import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import {
  type AssignmentFacts,
  DEFAULT_SETTINGS,
  type MarkingSettings,
  type SlotSettings,
  UNKNOWN_ASSIGNMENT,
} from '../domain/marking-settings.js';
import type { ReleaseRules } from '../domain/release.js';

/** An assignment as its service tells of it. */
export interface KnownAssignment {
  assignmentId: Id;
  classId: Id;
  title: string;
  pointsPossible: number;
  dueAt: Date | null;
  closesAt: Date | null;
}

@Injectable()
export class AssignmentStore {
  /** Keeps the newest version; true when it is that, and the dates are not what they were. */
  async put(tx: Tx, assignment: KnownAssignment, version: number): Promise<boolean> {
    const { assignmentId, classId, title, pointsPossible, dueAt, closesAt } = assignment;
    const [before] = await tx.query<{ due_at: Date | null; closes_at: Date | null }>(
      `SELECT due_at, closes_at FROM assignment WHERE assignment_id = $1 FOR UPDATE`,
      [assignmentId],
    );
    const rows = await tx.query(
      `INSERT INTO assignment (institution_id, assignment_id, class_id, title, points_possible,
         due_at, closes_at, version)
       VALUES (app_institution(), $1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT (institution_id, assignment_id) DO UPDATE
         SET class_id = EXCLUDED.class_id, title = EXCLUDED.title,
             points_possible = EXCLUDED.points_possible, due_at = EXCLUDED.due_at,
             closes_at = EXCLUDED.closes_at, version = EXCLUDED.version
         WHERE assignment.version < EXCLUDED.version
       RETURNING 1`,
      [assignmentId, classId, title, pointsPossible, dueAt, closesAt, version],
    );
    const same =
      before?.due_at?.getTime() === dueAt?.getTime() &&
      before?.closes_at?.getTime() === closesAt?.getTime();
    return rows.length > 0 && !same;
  }

  async facts(tx: Tx, assignmentIds: readonly Id[]): Promise<Map<Id, AssignmentFacts>> {
    const rows = await tx.query<FactsRow>(
      `SELECT id, ${FACTS} FROM unnest($1::uuid[]) AS wanted(id) ${JOINS}`,
      [[...new Set(assignmentIds)]],
    );
    return new Map(rows.map((row) => [row.id, factsOf(row)]));
  }

  /** Also which of the item versions have been corrected, with what they are scored with now. */
  async factsAndCorrections(tx: Tx, assignmentId: Id, itemVersionIds: readonly Id[]) {
    const [row] = await tx.query<FactsRow & { corrections: Record<Id, Id> | null }>(
      `SELECT id, ${FACTS},
              (SELECT jsonb_object_agg(item_version_id, corrected_version_id)
               FROM spec_correction WHERE item_version_id = ANY($2::uuid[])) AS corrections
       FROM (SELECT $1::uuid) AS wanted(id) ${JOINS}`,
      [assignmentId, itemVersionIds],
    );
    return {
      facts: row === undefined ? UNKNOWN_ASSIGNMENT : factsOf(row),
      corrections: new Map(Object.entries(row?.corrections ?? {})),
    };
  }

  async known(tx: Tx, assignmentId: Id): Promise<KnownAssignment | null> {
    const [row] = await tx.query<KnownRow>(
      `SELECT assignment_id, class_id, title, points_possible, due_at, closes_at
       FROM assignment WHERE assignment_id = $1`,
      [assignmentId],
    );
    if (row === undefined) return null;
    return {
      assignmentId: row.assignment_id,
      classId: row.class_id,
      title: row.title,
      pointsPossible: Number(row.points_possible),
      dueAt: row.due_at,
      closesAt: row.closes_at,
    };
  }
}

const FACTS = `a.class_id, a.due_at, a.closes_at, m.version, m.anonymous, m.double_threshold,
  m.slots, m.release`;

const JOINS = `LEFT JOIN assignment a ON a.assignment_id = wanted.id
  LEFT JOIN marking_settings m ON m.assignment_id = wanted.id`;

interface FactsRow {
  id: Id;
  class_id: Id | null;
  due_at: Date | null;
  closes_at: Date | null;
  version: number | null;
  anonymous: boolean | null;
  double_threshold: string | null;
  slots: SlotSettings[] | null;
  release: ReleaseRules | null;
}

interface KnownRow {
  assignment_id: Id;
  class_id: Id;
  title: string;
  points_possible: string;
  due_at: Date | null;
  closes_at: Date | null;
}

function factsOf(row: FactsRow): AssignmentFacts {
  return {
    classId: row.class_id,
    dueAt: row.due_at,
    closesAt: row.closes_at,
    settings: settingsOf(row),
  };
}

function settingsOf(row: FactsRow): MarkingSettings {
  if (row.version === null || row.slots === null || row.release === null) return DEFAULT_SETTINGS;
  return {
    version: row.version,
    anonymous: row.anonymous === true,
    doubleThreshold: row.double_threshold === null ? null : Number(row.double_threshold),
    slots: row.slots,
    release: row.release,
  };
}
