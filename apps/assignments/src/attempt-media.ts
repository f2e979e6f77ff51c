import { Inject, Injectable } from '@nestjs/common';
import type { MediaRef } from '@parlance/assessment';
import { type Clock, type Id, notFound, Refusal } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import { type Actor, Database, mediaKey, ObjectStore, once } from '@parlance/platform';
import { AttemptForms } from './attempt-forms.js';
import { CLOCK } from './clock.js';
import { AttemptStore } from './db/attempt.store.js';
import { PlayStore } from './db/play.store.js';
import { type Attempt, requireSaving } from './domain/attempt.js';
import { freeMediaOf } from './domain/item-media.js';
import { isReached, requireReached } from './domain/live.js';

/** Long enough to listen to the end, short enough to be no second copy. */
const URL_SECONDS = 900;

export interface SignedMedia {
  sha256: string;
  mediaType: string;
  url: string;
  expiresAt: Date;
}

export interface Play {
  plays: number;
  /** Null: no limit. */
  playsLeft: number | null;
  media: SignedMedia;
}

/** Pictures, sounds and films of an attempt's items, for its learner alone. */
@Injectable()
export class AttemptMedia {
  constructor(
    private readonly database: Database,
    private readonly attempts: AttemptStore,
    private readonly plays: PlayStore,
    private readonly forms: AttemptForms,
    private readonly objects: ObjectStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** URLs of all that is not limited. */
  async list(actor: Actor, attemptId: Id): Promise<SignedMedia[]> {
    const { institutionId } = actor;
    const media = await this.database.inInstitution(institutionId, async (tx) => {
      const attempt = await this.attempts.find(tx, institutionId, attemptId);
      if (attempt?.learnerId !== actor.personId) throw notFound('attempt');
      return this.freeMedia(tx, institutionId, attempt);
    });
    return Promise.all(media.map((one) => this.signed(institutionId, one)));
  }

  async freeMedia(tx: Tx, institutionId: Id, attempt: Attempt): Promise<MediaRef[]> {
    const items = await this.forms.deliveries(tx, institutionId, attempt);
    const reached = [...items].filter(([slot]) => isReached(attempt, slot));
    return freeMediaOf(reached.map(([, { delivery }]) => delivery));
  }

  /** Counts a play and gives the URL for it, or refuses one too many. A retry counts once. */
  async play(
    actor: Actor,
    attemptId: Id,
    which: { slot: number; responseId: string },
    key: string,
  ): Promise<Play> {
    const { institutionId, personId } = actor;
    const { slot, responseId } = which;
    const request = { actor, key, operation: `play:${attemptId}`, body: which };
    const played = await this.database.inInstitution(institutionId, async (tx) => {
      const attempt = await this.attempts.find(tx, institutionId, attemptId);
      if (attempt?.learnerId !== personId) throw notFound('attempt');
      const at = this.clock.now();
      requireSaving(attempt, at);
      requireReached(attempt, [{ slot, sequence: 1, responses: {} }]);
      const items = await this.forms.deliveries(tx, institutionId, attempt);
      const asked = items
        .get(slot)
        ?.delivery.interactions.find((one) => one.responseId === responseId);
      if (asked?.kind !== 'media') throw notFound('media');
      const { media, maxPlays } = asked;
      const { plays } = await once(tx, request, async () => {
        const play = { attemptId, slot, responseId, maxPlays, at };
        const count = await this.plays.count(tx, institutionId, play);
        if (count !== null) return { plays: count };
        const detail = `This can be played ${maxPlays} times, and it was.`;
        throw new Refusal('conflict', 'no-plays-left', detail);
      });
      return { plays, playsLeft: maxPlays === 0 ? null : maxPlays - plays, media };
    });
    return { ...played, media: await this.signed(institutionId, played.media) };
  }

  async signed(institutionId: Id, { sha256, mediaType }: MediaRef): Promise<SignedMedia> {
    const options = { seconds: URL_SECONDS, mediaType };
    const url = await this.objects.presignedGet(mediaKey(institutionId, sha256), options);
    const expiresAt = new Date(this.clock.now().getTime() + URL_SECONDS * 1000);
    return { sha256, mediaType, url, expiresAt };
  }
}
