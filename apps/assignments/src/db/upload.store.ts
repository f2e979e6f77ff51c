import { Injectable } from '@nestjs/common';
import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';

/** A recording or a file on its way into the object store. */
export interface Upload {
  id: Id;
  attemptId: Id;
  slot: number;
  responseId: string;
  mediaType: string;
  sizeBytes: number;
  durationSeconds: number | null;
  /** Of every part but the last. */
  partBytes: number;
  storeUploadId: string;
  /** Receipts of the store by part number. */
  parts: Record<string, string>;
  status: 'open' | 'completed' | 'refused';
}

const UPLOAD = `SELECT id, attempt_id AS "attemptId", slot, response_id AS "responseId",
  media_type AS "mediaType", size_bytes::float8 AS "sizeBytes",
  duration_seconds::float8 AS "durationSeconds", part_bytes::float8 AS "partBytes",
  store_upload_id AS "storeUploadId", parts, status
  FROM upload WHERE institution_id = $1`;

@Injectable()
export class UploadStore {
  async insert(tx: Tx, institutionId: Id, upload: Upload, at: Date): Promise<void> {
    const { id, attemptId, slot, responseId, mediaType, sizeBytes } = upload;
    await tx.query(
      `INSERT INTO upload (institution_id, id, attempt_id, slot, response_id, media_type,
         size_bytes, duration_seconds, part_bytes, store_upload_id, status, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
      [
        ...[institutionId, id, attemptId, slot, responseId, mediaType, sizeBytes],
        ...[upload.durationSeconds, upload.partBytes, upload.storeUploadId, upload.status, at],
      ],
    );
  }

  async find(tx: Tx, institutionId: Id, attemptId: Id, id: Id): Promise<Upload | undefined> {
    const [row] = await tx.query<Upload>(`${UPLOAD} AND attempt_id = $2 AND id = $3`, [
      institutionId,
      attemptId,
      id,
    ]);
    return row;
  }

  async lock(tx: Tx, institutionId: Id, attemptId: Id, id: Id): Promise<Upload | undefined> {
    const [row] = await tx.query<Upload>(`${UPLOAD} AND attempt_id = $2 AND id = $3 FOR UPDATE`, [
      institutionId,
      attemptId,
      id,
    ]);
    return row;
  }

  async ofAttempt(tx: Tx, institutionId: Id, attemptId: Id): Promise<Upload[]> {
    return tx.query<Upload>(`${UPLOAD} AND attempt_id = $2 ORDER BY id`, [
      institutionId,
      attemptId,
    ]);
  }

  /** By id, those that an answer may name. */
  async finished(tx: Tx, institutionId: Id, attemptId: Id): Promise<Map<Id, Upload>> {
    const uploads = await this.ofAttempt(tx, institutionId, attemptId);
    const finished = uploads.filter(({ status }) => status === 'completed');
    return new Map(finished.map((upload) => [upload.id, upload]));
  }

  async addPart(
    tx: Tx,
    institutionId: Id,
    id: Id,
    part: { partNumber: number; etag: string },
  ): Promise<void> {
    await tx.query(
      `UPDATE upload SET parts = parts || jsonb_build_object($3::text, $4::text)
       WHERE institution_id = $1 AND id = $2`,
      [institutionId, id, part.partNumber, part.etag],
    );
  }

  async setStatus(
    tx: Tx,
    institutionId: Id,
    id: Id,
    end: { status: Upload['status']; sha256: string | null; at: Date },
  ): Promise<void> {
    await tx.query(
      `UPDATE upload SET status = $3, sha256 = $4, completed_at = $5
       WHERE institution_id = $1 AND id = $2`,
      [institutionId, id, end.status, end.sha256, end.at],
    );
  }
}
