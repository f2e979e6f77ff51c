import { Injectable } from '@nestjs/common';
import type { Responses } from '@parlance/assessment';
import { type Id, idTimeMs } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import type { CheckedAnswers } from '../domain/answers.js';
import type { HandedInBy } from '../domain/attempt.js';

/** What was saved last for a slot. */
export interface SavedAnswers {
  slot: number;
  sequence: number;
  responses: Responses;
  receivedAt: Date;
}

/** What a device says of itself: kept with what it sent, and believed in nothing. */
export interface DeviceClaim {
  deviceId: string | null;
  deviceTime: Date | null;
}

export interface Submission {
  submittedAt: Date;
  late: boolean;
  key: string | null;
  by: HandedInBy;
  version: number;
  traceId: string | undefined;
}

/** $1 institution, $2 attempt, $3 its day: for each slot the row of the highest sequence. */
const LATEST = `SELECT DISTINCT ON (r.slot) r.slot, r.sequence::float8 AS sequence, r.responses,
    r.received_at AS "receivedAt"
  FROM response r WHERE r.institution_id = $1 AND r.attempt_id = $2 AND r.attempt_on = $3
  ORDER BY r.slot, r.sequence DESC`;

/** Answers of attempts: appended only. Its writes happen under the lock of the attempt. */
@Injectable()
export class ResponseStore {
  async latest(tx: Tx, institutionId: Id, attemptId: Id): Promise<SavedAnswers[]> {
    return tx.query<SavedAnswers>(LATEST, attemptKey(institutionId, attemptId));
  }

  /**
   * Appends what is newer than the answers saved so far and returns the slots whose given answers
   * are saved now; those include a repetition of what was saved last, as a retry sends it.
   */
  async append(
    tx: Tx,
    institutionId: Id,
    attemptId: Id,
    batch: readonly CheckedAnswers[],
    { deviceId, deviceTime, receivedAt }: DeviceClaim & { receivedAt: Date },
  ): Promise<Set<number>> {
    const rows = await tx.query<{ slot: number }>(
      `WITH given AS MATERIALIZED (
         SELECT g.slot, g.sequence, g.responses, last.sequence AS last_sequence,
           last.responses AS last_responses
         FROM jsonb_to_recordset($4::jsonb)
           AS g (slot smallint, sequence bigint, responses jsonb)
         LEFT JOIN LATERAL (
           SELECT r.sequence, r.responses FROM response r
           WHERE r.institution_id = $1 AND r.attempt_id = $2 AND r.attempt_on = $3
             AND r.slot = g.slot
           ORDER BY r.sequence DESC LIMIT 1) last ON true
       ), appended AS (
         INSERT INTO response (institution_id, attempt_id, attempt_on, slot, sequence, responses,
           received_at, device_id, device_time)
         SELECT $1, $2, $3, slot, sequence, responses, $5::timestamptz, $6::text, $7::timestamptz
         FROM given
         WHERE last_sequence IS NULL OR sequence > last_sequence
       )
       SELECT slot FROM given
       WHERE last_sequence IS NULL OR sequence > last_sequence
         OR sequence = last_sequence AND responses = last_responses`,
      [
        ...attemptKey(institutionId, attemptId),
        ...[JSON.stringify(batch), receivedAt, deviceId, deviceTime],
      ],
    );
    return new Set(rows.map(({ slot }) => slot));
  }

  /** Bytes of the answers and tries that would be handed in now, as JSON. */
  async totalBytes(tx: Tx, institutionId: Id, attemptId: Id): Promise<number> {
    const [row] = await tx.query<{ bytes: string | null }>(
      `SELECT sum(octet_length(answered.responses::text)) AS bytes FROM (
         SELECT responses FROM (${LATEST}) AS latest
         UNION ALL SELECT responses FROM item_try
         WHERE institution_id = $1 AND attempt_id = $2 AND attempt_on = $3) AS answered`,
      attemptKey(institutionId, attemptId),
    );
    return Number(row?.bytes ?? 0);
  }

  /** Marks the locked attempt as submitted and returns the answers that are handed in. */
  async submit(
    tx: Tx,
    institutionId: Id,
    attemptId: Id,
    submission: Submission,
  ): Promise<SavedAnswers[]> {
    const { submittedAt, late, key: submissionKey, by, version, traceId } = submission;
    // One round trip for both: the lock is held already, so no answer can still be on its way.
    return tx.query<SavedAnswers>(
      `WITH submitted AS (
         UPDATE attempt SET status = 'submitted', submitted_at = $4, late = $5,
           submission_key = $6, version = $7, trace_id = $8, handed_in_by = $9
         WHERE institution_id = $1 AND id = $2
       ), done AS (
         DELETE FROM deadline WHERE institution_id = $1 AND kind = 'attempt' AND object_id = $2
       ) ${LATEST}`,
      [
        ...attemptKey(institutionId, attemptId),
        submittedAt,
        late,
        submissionKey,
        version,
        traceId ?? null,
        by,
      ],
    );
  }

  /** The next version of a locked attempt that stays as it was handed in. */
  async retell(tx: Tx, institutionId: Id, attemptId: Id, version: number): Promise<SavedAnswers[]> {
    return tx.query<SavedAnswers>(
      `WITH told AS (
         UPDATE attempt SET version = $4 WHERE institution_id = $1 AND id = $2
       ) ${LATEST}`,
      [...attemptKey(institutionId, attemptId), version],
    );
  }
}

/** The partition follows from the id: every UUIDv7 holds the instant at which it was made. */
export function attemptKey(institutionId: Id, attemptId: Id): unknown[] {
  return [institutionId, attemptId, new Date(idTimeMs(attemptId)).toISOString().slice(0, 10)];
}
