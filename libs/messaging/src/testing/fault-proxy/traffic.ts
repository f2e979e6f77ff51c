/** What came by, whether or not anything was done to it. */
export interface Seen {
  /** Entries forwarded to topics for the first time, and again: sent twice by their producer. */
  published: number;
  publishedAgain: number;
  /** Messages handed to consumers for the first time, and again: redelivered by the queue. */
  received: number;
  receivedAgain: number;
}

/** Counts calls, refusals and messages, and knows which message a receipt handle is of. */
export class Traffic {
  readonly calls: Record<string, number> = {};
  readonly refused: Record<string, number> = {};
  readonly seen: Seen = { published: 0, publishedAgain: 0, received: 0, receivedAgain: 0 };
  /** Messages SNS would have thrown away. */
  discarded = 0;
  private readonly published = new Set<string>();
  private readonly received = new Set<string>();
  private readonly identities = new Map<string, string>();

  called(action: string): void {
    this.calls[action] = (this.calls[action] ?? 0) + 1;
  }

  wasRefused(code: string): void {
    this.refused[code] = (this.refused[code] ?? 0) + 1;
  }

  wasPublished(topic: string, identity: string): void {
    const isFirst = addedTo(this.published, `${topic} ${identity}`);
    this.seen[isFirst ? 'published' : 'publishedAgain'] += 1;
  }

  wasReceived(messageId: string, handle: string, identity: string): void {
    const isFirst = addedTo(this.received, messageId);
    this.seen[isFirst ? 'received' : 'receivedAgain'] += 1;
    this.identities.set(handle, identity);
  }

  identityOf(handle: string | undefined): string {
    return this.identities.get(handle ?? '') ?? handle ?? '';
  }
}

function addedTo(set: Set<string>, value: string): boolean {
  if (set.has(value)) return false;
  set.add(value);
  return true;
}
