import { EVENTS, SERVICES, type ServiceName } from '@parlance/events';
import { newId } from '@parlance/kernel';
import { CannotReplay, type OperatorCalls } from './operator-calls.js';
import type { CreateOptions } from './options.js';
import type { Admitted, DayCount, Replay, Sent } from './views.js';

/** Replays over all services: one id, one service that is told, and those that tell. */
export class Replaying {
  constructor(private readonly calls: OperatorCalls) {}

  /** What would be sent, by owner, type and day. */
  async preview(create: CreateOptions): Promise<DayCount[]> {
    const { consumer, mode, from, to, key, institutionId } = create;
    const counts: DayCount[] = [];
    for (const [owner, types] of ownersOf(consumer, await this.typesOf(create))) {
      const selection = { consumer, mode, types, from, to, key, institutionId };
      const { items } = await this.calls.call<{ items: Omit<DayCount, 'owner'>[] }>(
        owner,
        'POST',
        'replays/preview',
        selection,
      );
      counts.push(...items.map((item) => ({ owner, ...item })));
    }
    return counts;
  }

  /** Admits it at the consumer, then lets every owner begin. Undoes all of it when one refuses. */
  async create(create: CreateOptions, say: (text: string) => void): Promise<Replay> {
    // Asked first of all, so that wrong input leaves nothing behind.
    await this.preview(create);
    const { consumer, mode, projection, types, ratePerSecond, reason, createdBy } = create;
    const { from, to, key, institutionId } = create;
    const id = newId();
    const admission = { id, mode, projection, types, reason, createdBy };
    const admitted = await this.calls.call<Admitted>(
      consumer,
      'POST',
      'replay-admissions',
      admission,
    );
    say(`${consumer} has admitted the ${mode} ${id}.`);
    try {
      for (const [owner, ofOwner] of ownersOf(consumer, admitted.types)) {
        const selection = { from, to, key, institutionId, types: ofOwner };
        const request = { id, consumer, mode, ratePerSecond, reason, createdBy, ...selection };
        await this.calls.call(owner, 'POST', 'replays', request);
        say(`${owner} tells ${ofOwner.join(', ')}.`);
      }
    } catch (error) {
      await this.cancel(id);
      throw error;
    }
    return this.show(id);
  }

  async show(id: string): Promise<Replay> {
    const [found] = await this.everywhere<Admitted>(`replay-admissions/${id}`);
    if (found === undefined) {
      throw new CannotReplay(`There is no replay ${id}; npm run replay -- ls lists them.`);
    }
    const admitted = { ...found.view, consumer: found.service };
    const sent = await this.everywhere<Sent>(`replays/${id}`);
    return { admitted, sent: sent.map(({ service, view }) => ({ ...view, owner: service })) };
  }

  async list(): Promise<Replay[]> {
    const admissions = await this.everywhere<{ items: Admitted[] }>('replay-admissions');
    const sent = await this.everywhere<{ items: Sent[] }>('replays');
    return admissions
      .flatMap(({ service, view }) => view.items.map((one) => ({ ...one, consumer: service })))
      .sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1))
      .map((admitted) => ({
        admitted,
        sent: sent.flatMap(({ service, view }) =>
          view.items
            .filter(({ id }) => id === admitted.replayId)
            .map((one) => ({ ...one, owner: service })),
        ),
      }));
  }

  async setState(id: string, state: 'running' | 'paused'): Promise<Replay> {
    const { sent } = await this.show(id);
    const from = state === 'running' ? 'paused' : 'running';
    const moved = sent.filter((one) => one.state === from);
    if (moved.length === 0) throw new CannotReplay(`Nothing of ${id} is ${from}.`);
    for (const { owner } of moved) {
      await this.calls.call(owner, 'PUT', `replays/${id}/state`, { state });
    }
    return this.show(id);
  }

  /** The owners first, so that little is sent in vain; what still comes has no effect. */
  async cancel(id: string): Promise<Replay> {
    const { admitted, sent } = await this.show(id);
    for (const { owner, state } of sent) {
      if (state === 'done' || state === 'cancelled') continue;
      await this.calls.call(owner, 'PUT', `replays/${id}/state`, { state: 'cancelled' });
    }
    await this.end(admitted, 'cancelled');
    return this.show(id);
  }

  async end({ consumer, replayId }: Admitted, state: 'done' | 'cancelled'): Promise<void> {
    await this.calls.call(consumer, 'PUT', `replay-admissions/${replayId}/state`, { state });
  }

  private async typesOf({ consumer, mode, projection, types }: CreateOptions): Promise<string[]> {
    if (mode === 'repair') return types ?? consumedBy(consumer);
    const { items } = await this.calls.get<{ items: { name: string; types: string[] }[] }>(
      consumer,
      'replay-admissions/projections',
    );
    const found = items.find(({ name }) => name === projection);
    if (found !== undefined) return found.types;
    const known = items.length === 0 ? 'nothing' : items.map(({ name }) => name).join(', ');
    throw new CannotReplay(`${consumer} can rebuild ${known}, not ${projection}.`);
  }

  private async everywhere<T>(path: string): Promise<{ service: ServiceName; view: T }[]> {
    const answers = await Promise.all(
      SERVICES.map(async (service) => {
        const view = await this.calls.find<T>(service, path);
        return view === undefined ? [] : [{ service, view }];
      }),
    );
    return answers.flat();
  }
}

function consumedBy(consumer: ServiceName): string[] {
  const types = EVENTS.filter(({ consumers }) => consumers.includes(consumer)).map(
    ({ type }): string => type,
  );
  if (types.length === 0) throw new CannotReplay(`${consumer} consumes no events.`);
  return types;
}

/** The types by their owner. */
export function ownersOf(
  consumer: ServiceName,
  types: readonly string[],
): Map<ServiceName, string[]> {
  const owners = new Map<ServiceName, string[]>();
  for (const type of types) {
    const event = EVENTS.find((one) => one.type === type);
    if (event === undefined || !event.consumers.includes(consumer)) {
      const known = EVENTS.filter((one) => one.consumers.includes(consumer));
      const names = known.map((one) => `  ${one.type}`).join('\n');
      throw new CannotReplay(`${consumer} does not consume ${type}. It consumes\n${names}`);
    }
    owners.set(event.owner, [...(owners.get(event.owner) ?? []), type]);
  }
  return owners;
}
