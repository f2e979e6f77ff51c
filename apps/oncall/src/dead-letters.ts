import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { EVENTS, topologyOf } from '@parlance/events';
import { notFound, Refusal } from '@parlance/kernel';
import {
  type AwsClients,
  awsClients,
  type DeadLetter,
  DeadLetterQueues,
  type Depth,
  groupLetters,
  isMeant,
  type LetterFilter,
  type LetterGroup,
  type LetterKind,
  type LetterQueue,
  mayLieIn,
  type Move,
  type MoveResult,
  QueueMissing,
  type Scan,
  type ShownLetter,
  shownLetter,
} from '@parlance/messaging';
import { CONFIG, type ServiceConfig } from '@parlance/platform';
import type { AskedService } from './oncall-config.js';
import { outboxName, OutboxLetters } from './outbox-letters.js';
import { QueueTurns } from './queue-turns.js';

/** Where letters may lie: in a queue of SQS or in the outbox of a service. */
export type LetterPlace =
  | { name: string; sourceName: string; queue: LetterQueue }
  | { name: string; sourceName: undefined; service: AskedService };

/**
 * `missing`: no such queue; `away`: the service cannot be asked; `busy`: a run has its letters in
 * hand, so that looking would show only some of them.
 */
export type PlaceState = 'looked' | 'missing' | 'away' | 'busy';

export interface PlaceReport {
  name: string;
  kind: LetterKind;
  /** Letters that lie there; of a queue, as SQS estimates. Null when that cannot be said. */
  depth: number | null;
  state: PlaceState;
}

export interface DeadLetterReport {
  total: number;
  queues: PlaceReport[];
}

export interface LettersFound {
  letters: DeadLetter[];
  places: PlaceReport[];
  /** False when there may be letters that were not looked at. */
  isComplete: boolean;
}

/** One letter, and for one in an outbox what it holds up. */
export interface LetterView extends ShownLetter {
  /** Later events of its key that wait behind it; null for a letter in a queue. */
  waitingBehind: number | null;
}

const PATIENCE_MS = 3000;
const SCAN_PATIENCE_MS = 15_000;
/** Letters looked at in one queue to show them. */
const SHOW_LIMIT = 1000;
/** Letters looked at in one queue to find one or to move some. */
export const MOVE_LIMIT = 10_000;

/** All dead letters, wherever they lie: counted, looked at and moved. */
@Injectable()
export class DeadLetters implements OnApplicationShutdown {
  readonly places: readonly LetterPlace[];
  private readonly clients: AwsClients = awsClients();
  private readonly queues: DeadLetterQueues;
  /** Scans under way: whoever looks meanwhile shares them, for each hides the letters from others. */
  private readonly scans = new Map<string, { limit: number; scan: Promise<Scan> }>();
  private readonly turns = new QueueTurns();
  private readonly busy = new Set<string>();

  constructor(
    @Inject(CONFIG) config: ServiceConfig,
    private readonly outboxes: OutboxLetters,
  ) {
    const topology = topologyOf(EVENTS, config.TOPOLOGY_PREFIX);
    this.queues = new DeadLetterQueues({ sqs: this.clients.sqs, topology });
    this.places = [
      ...this.queues.queues.map((queue) => ({ ...queue, queue })),
      ...outboxes.services
        .filter(({ url }) => url !== undefined)
        .map((service) => ({ name: outboxName(service.name), sourceName: undefined, service })),
    ];
  }

  /** How many lie in each queue, at a glance. Throws a Refusal (503) when SQS does not answer. */
  async report(): Promise<DeadLetterReport> {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const queues = await Promise.all(
      this.queues.queues.map(async (queue) =>
        this.reportOf(queue, await this.depth(queue, signal)),
      ),
    );
    return { total: queues.reduce((sum, { depth }) => sum + (depth ?? 0), 0), queues };
  }

  /** Throws a Refusal: 400 for a queue there is not, 503 when SQS does not answer. */
  async find(filter: LetterFilter, limit = SHOW_LIMIT): Promise<LettersFound> {
    const looks = await Promise.all(this.placesOf(filter).map((place) => this.look(place, limit)));
    const letters = looks
      .flatMap((look) => look.letters)
      .filter((letter) => isMeant(filter, letter))
      .sort((one, other) => other.arrivedAt.localeCompare(one.arrivedAt));
    const isComplete = looks.every((look) => look.isComplete);
    return { letters, places: looks.map(({ report }) => report), isComplete };
  }

  async groups(
    filter: LetterFilter,
    limit = SHOW_LIMIT,
  ): Promise<LettersFound & { groups: LetterGroup[] }> {
    const found = await this.find(filter, limit);
    return { ...found, groups: groupLetters(found.letters, Date.now()) };
  }

  /** Throws a Refusal: 404, 409 while a run is at the queue, and what `find` throws. */
  async letter(id: string, queue: string | undefined): Promise<LetterView> {
    for (const place of this.placesOf({ queue })) {
      if (this.busy.has(place.name)) {
        if (queue !== undefined) throw busyRefusal(place.name);
        continue;
      }
      const found =
        'queue' in place
          ? await this.inQueue(place.queue, id)
          : await this.inOutbox(place.service, id);
      if (found !== undefined) return found;
    }
    throw notFound('dead letter');
  }

  /** The places a filter may mean. Throws a Refusal (400) for a queue there is not. */
  placesOf(filter: LetterFilter): LetterPlace[] {
    const places = this.places.filter((place) => mayLieIn(filter, place));
    if (places.length > 0) return places;
    const detail = `There are no dead letters of "${filter.queue}". Name one of: ${this.places
      .map(({ name }) => name)
      .join(', ')}.`;
    throw new Refusal('invalid', 'unknown-queue', detail);
  }

  /** Keeps places to one run. Throws a Refusal (409) when another has one of them. */
  occupy(places: readonly LetterPlace[]): () => void {
    const taken = places.find(({ name }) => this.busy.has(name));
    if (taken) throw busyRefusal(taken.name);
    for (const { name } of places) this.busy.add(name);
    return () => places.forEach(({ name }) => this.busy.delete(name));
  }

  /** Moves letters of a place that has been occupied. */
  async move(place: LetterPlace, move: Move, reason: string): Promise<MoveResult> {
    if ('service' in place) return this.outboxes.move(place.service, move, reason);
    // A scan under way has letters in hand; they would be overlooked.
    await this.turns.ended(place.name);
    return this.queues.move(place.queue, move, { limit: MOVE_LIMIT });
  }

  onApplicationShutdown(): void {
    for (const client of Object.values(this.clients)) client.destroy();
  }

  private async look(place: LetterPlace, limit: number) {
    if ('service' in place) return this.lookIntoOutbox(place.service);
    const { queue } = place;
    const nothing = (report: PlaceReport, isComplete: boolean) => ({
      letters: [],
      report,
      isComplete,
    });
    const isShared = this.scans.has(queue.name);
    const depth = await this.depth(queue, AbortSignal.timeout(PATIENCE_MS));
    const report = this.reportOf(queue, depth);
    if (report.state !== 'looked') return nothing(report, report.state === 'missing');
    if (report.depth === 0 && !isShared) return nothing(report, true);
    const { letters, isComplete } = await this.scan(queue, limit);
    return {
      letters,
      report: { ...report, depth: Math.max(report.depth ?? 0, letters.length) },
      // What somebody else has in hand is not seen: it comes back within a minute or two.
      isComplete: isComplete && (isShared || !depth?.hidden),
    };
  }

  private async lookIntoOutbox(service: AskedService) {
    const shared = { name: outboxName(service.name), kind: 'unpublished' as const };
    try {
      const { found, isComplete } = await this.outboxes.of(service);
      const letters = found.map(({ letter }) => letter);
      const state: PlaceState = this.busy.has(shared.name) ? 'busy' : 'looked';
      return { letters, report: { ...shared, depth: letters.length, state }, isComplete };
    } catch {
      const report: PlaceReport = { ...shared, depth: null, state: 'away' };
      return { letters: [], report, isComplete: false };
    }
  }

  private scan(queue: LetterQueue, limit: number): Promise<Scan> {
    const underWay = this.scans.get(queue.name);
    if (underWay && underWay.limit >= limit) return underWay.scan;
    const scan = this.turns.take(queue.name, async () => {
      // A run may have begun while this waited for its turn.
      if (this.busy.has(queue.name)) return { letters: [], isComplete: false };
      return reachable(this.queues.scan(queue, {}, { limit, signal: scanPatience() }));
    });
    const entry = { limit, scan };
    this.scans.set(queue.name, entry);
    const forget = () => {
      if (this.scans.get(queue.name) === entry) this.scans.delete(queue.name);
    };
    void scan.then(forget, forget);
    return scan;
  }

  private async inQueue(queue: LetterQueue, id: string): Promise<LetterView | undefined> {
    const depth = await this.depth(queue, AbortSignal.timeout(PATIENCE_MS));
    if (!depth?.visible && !depth?.hidden) return undefined;
    const found = await this.turns.take(queue.name, async () => {
      if (this.busy.has(queue.name)) throw busyRefusal(queue.name);
      const options = { limit: MOVE_LIMIT, signal: scanPatience() };
      return reachable(this.queues.find(queue, id, options));
    });
    return found && { ...shownLetter(found), waitingBehind: null };
  }

  private async inOutbox(service: AskedService, id: string): Promise<LetterView | undefined> {
    const scan = await this.outboxes.of(service).catch(() => undefined);
    const found = scan?.found.find(({ letter }) => letter.id === id);
    if (found === undefined) return undefined;
    const { letter, event } = found;
    const told = (name: string, value: string) => ({
      name,
      bytes: Buffer.byteLength(value),
      value,
    });
    return {
      letter,
      attributes: [],
      envelope: [told('key', event.key), told('last_error', event.lastError ?? '')],
      data: Object.entries(event.dataFields).map(([name, bytes]) => ({ name, bytes, value: null })),
      waitingBehind: event.waiting,
    };
  }

  /** Null when the queue does not exist. */
  private async depth(queue: LetterQueue, signal: AbortSignal): Promise<Depth | null> {
    try {
      return await this.queues.depth(queue, signal);
    } catch (error) {
      if (error instanceof QueueMissing) return null;
      throw awayRefusal();
    }
  }

  private reportOf({ name, kind }: LetterQueue, depth: Depth | null): PlaceReport {
    const state = depth === null ? 'missing' : this.busy.has(name) ? 'busy' : 'looked';
    return { name, kind, depth: depth && depth.visible + depth.hidden, state };
  }
}

function scanPatience(): AbortSignal {
  return AbortSignal.timeout(SCAN_PATIENCE_MS);
}

function busyRefusal(name: string): Refusal {
  const detail = `A redrive or discard is at work in ${name}: wait for its end.`;
  return new Refusal('conflict', 'queue-busy', detail, [], 5);
}

function awayRefusal(): Refusal {
  const detail = 'SQS does not answer, so the dead letters cannot be looked at now.';
  return new Refusal('unavailable', 'queues-unavailable', detail, [], 2);
}

async function reachable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch {
    throw awayRefusal();
  }
}
