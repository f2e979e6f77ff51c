import type { EventDefinition } from '@parlance/events';
import { type Id, newId } from '@parlance/kernel';
import type { Delivery, TestService } from '@parlance/platform/testing';

interface Told {
  event: EventDefinition;
  delivery: Delivery<object>;
}

/** Everything a service was told, so that it can be told again. */
export class History {
  readonly told: Told[] = [];

  constructor(private readonly service: TestService) {}

  /** The service, with everything that is delivered through it kept here. */
  recording(): TestService {
    const { service, told } = this;
    const deliver: TestService['deliver'] = async (event, delivery) => {
      const known = { ...delivery, eventId: delivery.eventId ?? newId() };
      told.push({ event: event as unknown as EventDefinition, delivery: known });
      await service.deliver(event, known);
    };
    return new Proxy(service, {
      get: (target, name) => {
        if (name === 'deliver') return deliver;
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
  }

  /** Sends one event to the service's queue as a part of a replay. */
  async tellAgain({ event, delivery }: Told, replayId: Id): Promise<void> {
    await this.service.publish(event, { ...delivery, replayId });
  }

  async openRebuild(): Promise<Id> {
    const id = newId();
    const request = { id, mode: 'rebuild', projection: 'cells', reason: 'test', createdBy: 'test' };
    const { status, body } = await this.service.operate('POST', 'replay-admissions', request);
    if (status !== 201) throw new Error(`Not admitted: ${JSON.stringify(body)}`);
    return id;
  }
}
