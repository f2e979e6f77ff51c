import { Injectable } from '@nestjs/common';
import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import type { ScoredTry, Try, TryResult } from '../domain/tries.js';
import { attemptKey, type DeviceClaim } from './response.store.js';
import type { DeliverableItem } from './test.store.js';

type ScoredRow = Try &
  Omit<TryResult, 'completed'> & {
    /** Null: no result has come. */
    completed: boolean | null;
  };

const TRY = `t.id, t.slot, t.number, t.sequence::float8 AS sequence, t.responses,
  t.tried_at AS "triedAt"`;

/** Tries and their results: appended only. A try is written under the lock of its attempt. */
@Injectable()
export class TryStore {
  async add(tx: Tx, institutionId: Id, attemptId: Id, made: Try, claim: DeviceClaim) {
    const { id, slot, number, sequence, responses, triedAt } = made;
    await tx.query(
      `INSERT INTO item_try (institution_id, attempt_id, attempt_on, slot, number, id, sequence,
         responses, tried_at, device_id, device_time)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        ...attemptKey(institutionId, attemptId),
        ...[slot, number, id, sequence, JSON.stringify(responses), triedAt],
        ...[claim.deviceId, claim.deviceTime],
      ],
    );
  }

  /** The tries of a slot, first one first, with the results that have come. */
  async ofSlot(tx: Tx, institutionId: Id, attemptId: Id, slot: number): Promise<ScoredTry[]> {
    const rows = await tx.query<ScoredRow>(
      `SELECT ${TRY}, s.completed, s.tries_counted AS "triesCounted", s.feedback,
         s.points::float8 AS points, s.points_possible::float8 AS "pointsPossible",
         s.scored_at AS "scoredAt"
       FROM item_try t
       LEFT JOIN item_try_result s ON s.institution_id = t.institution_id
         AND s.attempt_id = t.attempt_id AND s.attempt_on = t.attempt_on
         AND s.slot = t.slot AND s.number = t.number
       WHERE t.institution_id = $1 AND t.attempt_id = $2 AND t.attempt_on = $3 AND t.slot = $4
       ORDER BY t.number`,
      [...attemptKey(institutionId, attemptId), slot],
    );
    return rows.map(scoredTry);
  }

  /** By slot, first try first; a form without items to try is not asked about. */
  async ofAttempt(
    tx: Tx,
    institutionId: Id,
    attemptId: Id,
    items: ReadonlyMap<number, DeliverableItem>,
  ): Promise<Map<number, Try[]>> {
    const isAsked = [...items.values()].some(({ delivery }) => delivery.tries !== undefined);
    if (!isAsked) return new Map();
    const rows = await tx.query<Try>(
      `SELECT ${TRY} FROM item_try t
       WHERE t.institution_id = $1 AND t.attempt_id = $2 AND t.attempt_on = $3
       ORDER BY t.slot, t.number`,
      attemptKey(institutionId, attemptId),
    );
    return Map.groupBy(rows, ({ slot }) => slot);
  }

  /** False when there is no such try. A result that comes again changes nothing. */
  async addResult(
    tx: Tx,
    institutionId: Id,
    of: { attemptId: Id; slot: number; number: number; tryId: Id },
    result: TryResult,
  ): Promise<boolean> {
    const { completed, triesCounted, feedback, points, pointsPossible, scoredAt } = result;
    const rows = await tx.query(
      `WITH tried AS (
         SELECT * FROM item_try WHERE institution_id = $1 AND attempt_id = $2
           AND attempt_on = $3 AND slot = $4 AND number = $5 AND id = $6
       ), added AS (
         INSERT INTO item_try_result (institution_id, attempt_id, attempt_on, slot, number,
           completed, tries_counted, feedback, points, points_possible, scored_at)
         SELECT institution_id, attempt_id, attempt_on, slot, number, $7, $8, $9, $10, $11, $12
         FROM tried ON CONFLICT DO NOTHING
       )
       SELECT 1 FROM tried`,
      [
        ...attemptKey(institutionId, of.attemptId),
        ...[of.slot, of.number, of.tryId, completed, triesCounted, JSON.stringify(feedback)],
        ...[points, pointsPossible, scoredAt],
      ],
    );
    return rows.length === 1;
  }
}

function scoredTry(row: ScoredRow): ScoredTry {
  const { id, slot, number, sequence, responses, triedAt, completed, ...result } = row;
  const { triesCounted, feedback, points, pointsPossible, scoredAt } = result;
  return {
    ...{ id, slot, number, sequence, responses, triedAt },
    result:
      completed === null
        ? null
        : { completed, triesCounted, feedback, points, pointsPossible, scoredAt },
  };
}
