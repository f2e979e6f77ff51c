import { type AwsCall, identityOf, nameIn } from './aws-call.js';
import { violation } from './limits.js';
import {
  arrivedMember,
  arrivedMembers,
  errorReply,
  type FailedEntry,
  failedMembers,
  publishBatchReply,
  publishReply,
  type ReplyOrCut,
} from './replies.js';
import { batchEntries, formWith, publishEntry, type SnsEntry } from './sns-form.js';
import { isDiscarded, snsBatchFault, snsEntryFault } from './sns-limits.js';
import type { DoorParts } from './sqs-door.js';
import { withBody } from './upstream.js';

export type SnsCall = Extract<AwsCall, { service: 'sns' }>;

/** Calls to SNS, and what happens to them on the way. */
export class SnsDoor {
  constructor(private readonly parts: DoorParts) {}

  /** What a call is about, the same however often it is made. */
  identityOf(call: SnsCall): string {
    const entries = this.entriesOf(call).map((entry) =>
      identityOf(entry.message, entry.attributes),
    );
    return `${call.action} ${nameIn(call.form.get('TopicArn'))} ${entries.join()}`;
  }

  async pass(call: SnsCall): Promise<ReplyOrCut> {
    if (call.action === 'Publish') return this.publish(call);
    if (call.action === 'PublishBatch') return this.publishBatch(call);
    return this.parts.upstream.forward(call.raw);
  }

  private async publish(call: SnsCall): Promise<ReplyOrCut> {
    const entry = publishEntry(call.form);
    const fault = snsEntryFault(entry);
    if (fault) {
      this.parts.traffic.wasRefused(fault.code);
      return errorReply('sns', fault);
    }
    if (isDiscarded(entry)) {
      this.parts.traffic.discarded += 1;
      return publishReply();
    }
    this.parts.traffic.wasPublished(...this.placeOf(call, entry));
    const answer = await this.parts.upstream.forward(call.raw);
    if (this.happens('duplicatePublish', call, entry)) await this.parts.upstream.forward(call.raw);
    return this.answerFails(call) ?? answer;
  }

  private async publishBatch(call: SnsCall): Promise<ReplyOrCut> {
    const entries = this.entriesOf(call);
    const whole = snsBatchFault(entries);
    if (whole) {
      this.parts.traffic.wasRefused(whole.code);
      return errorReply('sns', whole);
    }
    const failed: FailedEntry[] = [];
    const said: string[] = [];
    const left = entries.filter((entry) => this.mayPass(call, entry, failed, said));
    for (const entry of left) this.parts.traffic.wasPublished(...this.placeOf(call, entry));
    if (left.length === 0) return publishBatchReply(said, failed);
    const answer = await this.send(call, left);
    if (answer.status !== 200) return answer;
    const copies = left.filter((entry) => this.happens('duplicatePublish', call, entry));
    if (copies.length > 0) await this.send(call, copies);
    const denied = left.filter((entry) => this.happens('failDelivered', call, entry));
    const arrived = arrivedMembers(answer)
      .filter(({ id }) => !denied.some((entry) => entry.id === id))
      .map(({ member }) => member);
    return (
      this.answerFails(call) ??
      publishBatchReply(
        [...arrived, ...said],
        [...failedMembers(answer), ...failed, ...denied.map(internalFailure)],
      )
    );
  }

  /** Whether an entry is forwarded; else what is answered of it is put with the others. */
  private mayPass(call: SnsCall, entry: SnsEntry, failed: FailedEntry[], said: string[]): boolean {
    const { traffic } = this.parts;
    const id = entry.id ?? '';
    const fault = snsEntryFault(entry);
    if (fault) {
      traffic.wasRefused(fault.code);
      failed.push({ id, code: fault.code, message: fault.message, isSenders: true });
      return false;
    }
    if (isDiscarded(entry)) {
      traffic.discarded += 1;
      said.push(arrivedMember(id));
      return false;
    }
    if (!this.happens('failEntry', call, entry)) return true;
    failed.push(internalFailure(entry));
    return false;
  }

  private send(call: SnsCall, entries: SnsEntry[]) {
    return this.parts.upstream.forward(withBody(call.raw, formWith(call.form, entries).toString()));
  }

  private answerFails(call: SnsCall): ReplyOrCut | undefined {
    if (!this.parts.decisions.happens('failPublishAnswer', this.identityOf(call))) return undefined;
    return errorReply('sns', violation('InternalError', 'It was delivered all the same.', 500));
  }

  private happens(
    fault: 'duplicatePublish' | 'failDelivered' | 'failEntry',
    call: SnsCall,
    entry: SnsEntry,
  ): boolean {
    return this.parts.decisions.happens(fault, this.placeOf(call, entry).join(' '));
  }

  private placeOf(call: SnsCall, entry: SnsEntry): [string, string] {
    return [nameIn(call.form.get('TopicArn')), identityOf(entry.message, entry.attributes)];
  }

  private entriesOf({ action, form }: SnsCall): SnsEntry[] {
    if (action === 'PublishBatch') return batchEntries(form);
    return action === 'Publish' ? [publishEntry(form)] : [];
  }
}

function internalFailure(entry: SnsEntry): FailedEntry {
  const message = 'The fault proxy says no.';
  return { id: entry.id ?? '', code: 'InternalFailure', message, isSenders: false };
}
