import { Injectable } from '@nestjs/common';
import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';

export interface MediaRow {
  /** Lower-case hexadecimal; what the file is known by. */
  sha256: string;
  mediaType: string;
  bytes: number;
  /** False until the upload was found to be what it was said to be. */
  isReady: boolean;
}

const MEDIA = `sha256, media_type AS "mediaType", bytes, is_ready AS "isReady"`;

/** SQL of the files that items show or play. */
@Injectable()
export class MediaStore {
  async find(tx: Tx, sha256: string): Promise<MediaRow | undefined> {
    const [row] = await tx.query<MediaRow>(`SELECT ${MEDIA} FROM media WHERE sha256 = $1`, [
      sha256,
    ]);
    return row;
  }

  /** Says that a file will come, or corrects what was said of one that has not come yet. */
  async announce(tx: Tx, media: Omit<MediaRow, 'isReady'> & { uploadedBy: Id }): Promise<MediaRow> {
    await tx.query(
      `INSERT INTO media (sha256, media_type, bytes, is_ready, uploaded_by)
       VALUES ($1, $2, $3, false, $4)
       ON CONFLICT (institution_id, sha256) DO UPDATE
         SET media_type = $2, bytes = $3, uploaded_by = $4 WHERE NOT media.is_ready`,
      [media.sha256, media.mediaType, media.bytes, media.uploadedBy],
    );
    return (await this.find(tx, media.sha256)) as MediaRow;
  }

  /** Only as it was checked: what was said of it may have changed meanwhile. */
  async markReady(tx: Tx, checked: MediaRow): Promise<void> {
    await tx.query(
      `UPDATE media SET is_ready = true
       WHERE sha256 = $1 AND media_type = $2 AND bytes = $3`,
      [checked.sha256, checked.mediaType, checked.bytes],
    );
  }

  /** Those of these files that are here. */
  async ready(tx: Tx, sha256s: readonly string[]): Promise<Set<string>> {
    if (sha256s.length === 0) return new Set();
    const rows = await tx.query<{ sha256: string }>(
      `SELECT sha256 FROM media WHERE sha256 = ANY($1) AND is_ready`,
      [sha256s],
    );
    return new Set(rows.map((row) => row.sha256));
  }
}
