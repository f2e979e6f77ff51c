import { Injectable } from '@nestjs/common';
import type { Responses } from '@parlance/assessment';
import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import type { DeliverableItem } from './test.store.js';

/** How often limited media were played, which counts whatever a client says. */
@Injectable()
export class PlayStore {
  /** Counts one play more, unless there were `maxPlays`; 0 is no limit. Null when refused. */
  async count(
    tx: Tx,
    institutionId: Id,
    play: { attemptId: Id; slot: number; responseId: string; maxPlays: number; at: Date },
  ): Promise<number | null> {
    const { attemptId, slot, responseId, maxPlays, at } = play;
    const [row] = await tx.query<{ plays: number }>(
      `INSERT INTO media_play (institution_id, attempt_id, slot, response_id, plays, last_played_at)
       VALUES ($1, $2, $3, $4, 1, $6)
       ON CONFLICT (institution_id, attempt_id, slot, response_id) DO UPDATE
         SET plays = media_play.plays + 1, last_played_at = excluded.last_played_at
         WHERE $5 = 0 OR media_play.plays < $5
       RETURNING plays`,
      [institutionId, attemptId, slot, responseId, maxPlays, at],
    );
    return row?.plays ?? null;
  }

  async ofAttempt(
    tx: Tx,
    institutionId: Id,
    attemptId: Id,
  ): Promise<{ slot: number; responseId: string; plays: number }[]> {
    return tx.query(
      `SELECT slot, response_id AS "responseId", plays FROM media_play
       WHERE institution_id = $1 AND attempt_id = $2`,
      [institutionId, attemptId],
    );
  }

  /** By slot, what is handed in of its media; forms without any are not asked about. */
  async counted(
    tx: Tx,
    institutionId: Id,
    attemptId: Id,
    items: ReadonlyMap<number, DeliverableItem>,
  ): Promise<Map<number, Responses>> {
    const counted = new Map<number, Responses>();
    for (const [slot, { delivery }] of items) {
      const media = delivery.interactions.filter(({ kind }) => kind === 'media');
      if (media.length === 0) continue;
      counted.set(slot, Object.fromEntries(media.map(({ responseId }) => [responseId, '0'])));
    }
    if (counted.size === 0) return counted;
    for (const play of await this.ofAttempt(tx, institutionId, attemptId)) {
      const responses = counted.get(play.slot);
      if (responses !== undefined) responses[play.responseId] = String(play.plays);
    }
    return counted;
  }
}
