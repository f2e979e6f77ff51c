import { EVENTS, readTypes, type ServiceName, SERVICES } from '@parlance/events';
import {
  ENVELOPE_SCHEMA,
  HEADERS_SCHEMA,
  readRegistry,
  type RegisteredVersion,
  versionsOf,
} from '@parlance/events/contracts';
import { type Id, newId } from '@parlance/kernel';
import { envelopeFaults, envelopeOf } from '../envelope/envelope.js';
import { messageAttributes } from '../envelope/message-attributes.js';
import { storableData } from '../envelope/storable.js';
import { MessageReader } from './read-message.js';

/** Every version ever registered that is not retired: some of them may still lie in a queue. */
const registry = readRegistry();
const versions = [...versionsOf(registry).values()]
  .flat()
  .filter(({ type }) => !registry.index.retired.includes(type));

/** Who reads which version. */
const pairs = SERVICES.flatMap((service) => {
  const read = readTypes(EVENTS, service);
  return versions
    .filter(({ type }) => read.has(type))
    .map((version) => [service, version.type, version.version, version] as const);
});

function bodyOf(version: RegisteredVersion, data: Record<string, unknown>) {
  const subject = data[version.subject] as Id;
  return {
    specversion: '1.0',
    id: newId(),
    source: `/${version.owner}`,
    type: version.type,
    subject,
    time: '2026-03-02T09:00:00.000Z',
    datacontenttype: 'application/json',
    data,
    tenant: newId(),
    partitionkey: subject,
    sequence: 1,
  };
}

describe('every consumer reads every registered sample', () => {
  it.each(pairs)('%s: %s %s', (service: ServiceName, _type, _version, version) => {
    const reader = new MessageReader(EVENTS, service);
    for (const { name, data } of version.samples) {
      const body = bodyOf(version, data);
      const reading = reader.read(JSON.stringify(body));
      expect([name, reading.kind === 'poison' ? reading.reason : reading.kind]).toEqual([
        name,
        'event',
      ]);
      if (reading.kind !== 'event') continue;
      const { event, definition } = reading;
      expect(event.id).toBe(body.id);
      expect(event.type).toBe(definition.type);
      // One sequence of versions stays one, in whichever version of the event it is told.
      expect((event.data as Record<string, unknown>)[definition.subject]).toBe(body.subject);
      if (definition.type === version.type) expect(event.data).toEqual(data);
    }
  });

  it('and each sample has a reader', () => {
    const read = new Set(pairs.map(([, type]) => type));
    expect(
      [...new Set(versions.map(({ type }) => type))].filter((type) => !read.has(type)),
    ).toEqual([]);
  });
});

test('samples are data as the outbox keeps it', () => {
  for (const { samples } of versions) {
    for (const { data } of samples) expect(storableData(data)).toEqual(data);
  }
});

test('the published schemas of envelope and attributes are those of the code', () => {
  expect([...ENVELOPE_SCHEMA.required]).toEqual(envelopeFaults({}));
  const [event] = EVENTS;
  const parts = {
    id: newId(),
    data: {},
    subject: newId(),
    version: 1,
    institutionId: newId(),
    partitionKey: 'key',
    headers: { traceparent: '00-1-2-01', tracestate: 'a=b' },
    correlationId: '1',
    causationId: newId(),
  };
  const envelope = envelopeOf(event!, parts, new Date());
  const fields = Object.keys({ ...envelope, dataref: {} }).sort();
  expect(Object.keys(ENVELOPE_SCHEMA.properties).sort()).toEqual(fields);
  const attributes = Object.keys(messageAttributes(envelope, parts.headers)).sort();
  expect(Object.keys(HEADERS_SCHEMA.properties).sort()).toEqual(attributes);
});
