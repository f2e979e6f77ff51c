import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { EventDefinition } from '@parlance/events';
import { type Id, newId } from '@parlance/kernel';
import { Addresses, awsClients } from '@parlance/messaging';
import { type Delivery, TEST_OPERATOR_SECRET, type TestService } from '@parlance/platform/testing';

interface Told {
  event: EventDefinition;
  delivery: Delivery<object> & { eventId: Id };
}

/** Everything a service was told, so that it can be told again as the owners' senders do it. */
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
    const { institutionId, version, data, eventId } = delivery;
    const subject = delivery.subject ?? String(data[event.subject as keyof typeof data]);
    const { queues } = await this.service.get(Addresses).all();
    const queue = [...queues.values()].find(
      ({ plan }) => plan.consumer === 'gradebook' && plan.owner === event.owner,
    );
    const envelope = {
      specversion: '1.0',
      id: eventId,
      source: `/${event.owner}`,
      type: event.type,
      subject,
      time: new Date().toISOString(),
      datacontenttype: 'application/json',
      data,
      tenant: institutionId,
      partitionkey: subject,
      sequence: version,
    };
    await awsClients().sqs.send(
      new SendMessageCommand({
        QueueUrl: queue?.url,
        MessageBody: JSON.stringify(envelope),
        MessageAttributes: { replay_id: { DataType: 'String', StringValue: replayId } },
      }),
    );
  }

  /** A call of an operator to the service itself. */
  async operate(method: string, path: string, body?: unknown) {
    const response = await fetch(`http://127.0.0.1:${this.service.port}/internal/${path}`, {
      method,
      headers: {
        authorization: `Operator ${TEST_OPERATOR_SECRET}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- its shape is what tests assert
    return { status: response.status, body: (await response.json()) as any };
  }

  async openRebuild(): Promise<Id> {
    const id = newId();
    const request = { id, mode: 'rebuild', projection: 'cells', reason: 'test', createdBy: 'test' };
    const { status, body } = await this.operate('POST', 'replay-admissions', request);
    if (status !== 201) throw new Error(`Not admitted: ${JSON.stringify(body)}`);
    return id;
  }
}
