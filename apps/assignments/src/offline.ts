import { Inject, Injectable } from '@nestjs/common';
import { type Clock, type Id, isId, newId, notFound, Refusal } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import { type Actor, Database } from '@parlance/platform';
import { AttemptForms } from './attempt-forms.js';
import { AttemptMedia, type SignedMedia } from './attempt-media.js';
import { CLOCK } from './clock.js';
import { AttemptStore } from './db/attempt.store.js';
import { type OfflineRecord, OfflineStore } from './db/offline.store.js';
import { ResponseStore } from './db/response.store.js';
import type { DeliverableItem } from './db/test.store.js';
import { type CheckedAnswers, checkedAnswers, requireWithinAttempt } from './domain/answers.js';
import { type Attempt, requireSaving, savingEndsAt, SYNC_MS } from './domain/attempt.js';
import { isReached } from './domain/live.js';
import {
  answeredBy,
  type BundleEvidence,
  isSuperseded,
  type OfflineOutcome,
  tooLate,
} from './domain/offline.js';
import { requireClaim } from './domain/writer.js';
import { OfflineKeys } from './offline-keys.js';
import { UploadAnswers } from './upload-answers.js';

const BUNDLE = 'parlance-bundle+jws';
const EVIDENCE = 'parlance-bundle-evidence+jws';

/** One answer a device brings back. */
export interface OfflineAnswer {
  slot: number;
  sequence: number;
  responses: Record<string, unknown>;
  /** Since the bundle came, by a clock of the device that nobody can set; null: not known. */
  elapsedMs: number | null;
  deviceTime: Date | null;
}

export interface Bundle {
  bundle: string;
  evidence: string;
  lease: Id;
  syncUntil: Date | null;
  media: SignedMedia[];
}

export interface OfflineReceipt {
  receivedAt: Date;
  answers: { slot: number; sequence: number; outcome: OfflineOutcome }[];
}

/** Work without a connection: what a device takes along, and what it brings back. */
@Injectable()
export class Offline {
  constructor(
    private readonly database: Database,
    private readonly attempts: AttemptStore,
    private readonly responses: ResponseStore,
    private readonly store: OfflineStore,
    private readonly forms: AttemptForms,
    private readonly media: AttemptMedia,
    private readonly uploads: UploadAnswers,
    private readonly keys: OfflineKeys,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** All a device needs to go on by itself, and nothing that scores; it is the writer from now. */
  async take(
    actor: Actor,
    attemptId: Id,
    claim: { deviceId: string; takeOver: boolean },
  ): Promise<Bundle> {
    const { institutionId } = actor;
    const issuedAt = this.clock.now();
    const lease = newId();
    const { attempt, form, free } = await this.database.inInstitution(institutionId, async (tx) => {
      const known = await this.lockOwn(tx, actor, attemptId);
      requireSaving(known, issuedAt);
      if (known.mode === 'live') {
        const detail = 'A live class needs a connection.';
        throw new Refusal('conflict', 'assignment-live', detail);
      }
      requireClaim(known, claim);
      const { deviceId } = claim;
      const attempt: Attempt = { ...known, deviceId, lease, bundleIssuedAt: issuedAt };
      await this.attempts.setWriter(tx, institutionId, attempt, issuedAt);
      const saved = await this.responses.latest(tx, institutionId, attemptId);
      const form = await this.forms.of(tx, institutionId, attempt, saved);
      return { attempt, form, free: await this.media.freeMedia(tx, institutionId, attempt) };
    });
    const evidence = await this.evidenceOf({
      attemptId,
      deviceId: claim.deviceId,
      lease,
      issuedAt,
    });
    const endsAt = savingEndsAt(attempt);
    const syncUntil = endsAt && new Date(endsAt.getTime() + SYNC_MS);
    const { startedAt, dueAt, attemptNumber, assignmentId, policyVersion } = attempt;
    const bundle = await this.keys.sign(BUNDLE, {
      ...{ schema: 1, attemptId, assignmentId, attemptNumber, policyVersion, institutionId },
      ...{ learnerId: attempt.learnerId, deviceId: claim.deviceId, lease, evidence },
      ...{ issuedAt, startedAt, endsAt, dueAt, syncUntil },
      sections: form.sections,
      media: free,
    });
    const media = await Promise.all(free.map((one) => this.media.signed(institutionId, one)));
    return { bundle, evidence, lease, syncUntil, media };
  }

  /**
   * Takes what a device brings back, answer by answer: each is kept with what became of it, and
   * the receipt says so. What cannot count is not lost, only not counted.
   */
  async bringBack(
    actor: Actor,
    attemptId: Id,
    proof: string,
    answers: readonly OfflineAnswer[],
  ): Promise<OfflineReceipt> {
    const { institutionId } = actor;
    const evidence = await this.evidenceIn(proof, attemptId);
    return this.database.inInstitution(institutionId, async (tx) => {
      const attempt = await this.lockOwn(tx, actor, attemptId);
      const receivedAt = this.clock.now();
      const items = await this.forms.deliveries(tx, institutionId, attempt);
      const last = await this.responses.latest(tx, institutionId, attemptId);
      const lastSavedAt = new Map(last.map((one) => [one.slot, one.receivedAt]));
      const fitting = answers.map((answer) => checkedOrNull(answer, items, attempt));
      const checked = await this.finishedOrNull(tx, institutionId, attempt, fitting, items);
      const judged = answers.map((answer, index) => {
        const answered = answeredBy(evidence, answer.elapsedMs, receivedAt);
        const isBeaten = isSuperseded(attempt, evidence, lastSavedAt.get(answer.slot));
        const fits = checked[index] ?? null;
        const late = tooLate(attempt, { answered, receivedAt });
        const outcome = fits === null ? 'invalid' : (late ?? (isBeaten ? 'superseded' : null));
        return { answer, answered, checked: fits, outcome };
      });
      const countable = judged.flatMap(({ checked, outcome }) =>
        outcome === null && checked !== null ? [checked] : [],
      );
      const saved = await this.append(tx, institutionId, attempt, countable, {
        ...{ receivedAt, deviceId: evidence.deviceId },
      });
      const results = judged.map(({ answer, answered, checked, outcome }) => ({
        ...{ slot: answer.slot, sequence: answer.sequence, checked },
        outcome: outcome ?? (saved.has(keyOf(answer)) ? ('saved' as const) : ('stale' as const)),
        record: { ...answer, answeredBy: answered, deviceId: evidence.deviceId },
      }));
      const records = results.flatMap(({ record, checked, outcome }): OfflineRecord[] =>
        checked === null ? [] : [{ ...record, responses: checked.responses, outcome }],
      );
      await this.store.record(tx, institutionId, attemptId, records, receivedAt);
      const told = results.map(({ slot, sequence, outcome }) => ({ slot, sequence, outcome }));
      return { receivedAt, answers: told };
    });
  }

  /** Of several answers to one slot the newest; the others were its drafts. */
  private async append(
    tx: Tx,
    institutionId: Id,
    attempt: Attempt,
    countable: readonly CheckedAnswers[],
    received: { receivedAt: Date; deviceId: string },
  ): Promise<Set<string>> {
    const newest = new Map<number, CheckedAnswers>();
    for (const one of countable) {
      const other = newest.get(one.slot);
      if (other === undefined || other.sequence < one.sequence) newest.set(one.slot, one);
    }
    const batch = [...newest.values()];
    if (batch.length === 0) return new Set();
    const claim = { ...received, deviceTime: null };
    const saved = await this.responses.append(tx, institutionId, attempt.id, batch, claim);
    requireWithinAttempt(await this.responses.totalBytes(tx, institutionId, attempt.id));
    return new Set(batch.filter(({ slot }) => saved.has(slot)).map(keyOf));
  }

  /** Without those that name a recording or file which has not arrived. */
  private async finishedOrNull(
    tx: Tx,
    institutionId: Id,
    attempt: Attempt,
    fitting: readonly (CheckedAnswers | null)[],
    items: ReadonlyMap<number, DeliverableItem>,
  ): Promise<(CheckedAnswers | null)[]> {
    const batch = fitting.filter((one) => one !== null);
    const unfinished = await this.uploads.unfinished(tx, institutionId, attempt.id, batch, items);
    const without = new Set(unfinished.map(({ index }) => batch[index]));
    return fitting.map((one) => (one !== null && without.has(one) ? null : one));
  }

  private async lockOwn(tx: Tx, actor: Actor, attemptId: Id): Promise<Attempt> {
    const { institutionId, personId } = actor;
    const attempt = await this.attempts.lockOwn(tx, institutionId, attemptId, personId);
    if (attempt === undefined) throw notFound('attempt');
    return attempt;
  }

  private evidenceOf(evidence: BundleEvidence): Promise<string> {
    return this.keys.sign(EVIDENCE, evidence);
  }

  private async evidenceIn(proof: string, attemptId: Id): Promise<BundleEvidence> {
    const said = (await this.keys.verified(EVIDENCE, proof)) as
      { attemptId: Id; deviceId: string; lease: Id; issuedAt: string } | undefined;
    if (said?.attemptId === attemptId && isId(said.lease)) {
      return { ...said, issuedAt: new Date(said.issuedAt) };
    }
    const detail = 'This is not the evidence of a bundle of this attempt.';
    throw new Refusal('unprocessable', 'invalid-evidence', detail, [
      { pointer: '/evidence', detail: 'must be as the bundle had it' },
    ]);
  }
}

function keyOf({ slot, sequence }: { slot: number; sequence: number }): string {
  return `${slot}/${sequence}`;
}

/** The answer as it may be stored, or null when it does not fit its item. */
function checkedOrNull(
  { slot, sequence, responses }: OfflineAnswer,
  items: ReadonlyMap<number, DeliverableItem>,
  attempt: Attempt,
): CheckedAnswers | null {
  if (!isReached(attempt, slot)) return null;
  try {
    const batch = [{ slot, sequence, responses }];
    return checkedAnswers(batch, (one) => items.get(one)?.delivery)[0] ?? null;
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}
