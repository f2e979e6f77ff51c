import { Injectable } from '@nestjs/common';
import { derivedId, type Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import type { OfflineOutcome } from '../domain/offline.js';

export interface OfflineRecord {
  slot: number;
  sequence: number;
  responses: object;
  deviceId: string;
  elapsedMs: number | null;
  deviceTime: Date | null;
  answeredBy: Date;
  outcome: OfflineOutcome;
}

/** Everything a device brought back, with what became of it. */
@Injectable()
export class OfflineStore {
  /** Sent again it is there already, and the first outcome stays. */
  async record(
    tx: Tx,
    institutionId: Id,
    attemptId: Id,
    records: readonly OfflineRecord[],
    receivedAt: Date,
  ): Promise<void> {
    const rows = records.map((one) => ({
      ...one,
      id: derivedId(`offline/${one.deviceId}/${one.slot}/${one.sequence}`, attemptId),
    }));
    await tx.query(
      `INSERT INTO offline_response (institution_id, id, attempt_id, slot, sequence, responses,
         device_id, elapsed_ms, device_time, answered_by, received_at, outcome)
       SELECT $1, g.id, $2, g.slot, g.sequence, g.responses, g."deviceId", g."elapsedMs",
         g."deviceTime", g."answeredBy", $4, g.outcome
       FROM jsonb_to_recordset($3::jsonb) AS g (id uuid, slot smallint, sequence bigint,
         responses jsonb, "deviceId" text, "elapsedMs" bigint, "deviceTime" timestamptz,
         "answeredBy" timestamptz, outcome text)
       ON CONFLICT DO NOTHING`,
      [institutionId, attemptId, JSON.stringify(rows), receivedAt],
    );
  }
}
