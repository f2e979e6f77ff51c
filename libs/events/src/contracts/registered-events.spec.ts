import { accepts } from '../../test/accepts.js';
import { EVENTS } from '../registry.js';
import { withOlderVersions } from '../upcast.js';
import { jsonSchemaOf } from './json-schema.js';
import { readRegistry, versionsOf } from './registry.js';
import { faultsOfData, registryFaults } from './registry-faults.js';

const registry = readRegistry();
const versions = versionsOf(registry);
const events = withOlderVersions(EVENTS).map((event) => [event.type, event] as const);

test('events and registry say the same, and nothing registered was changed', () => {
  expect(registryFaults(registry, EVENTS)).toEqual([]);
});

describe('every registered version', () => {
  it.each([...versions])('of %s takes the samples of every other', (_, own) => {
    for (const { schema } of own) {
      for (const { samples } of own) {
        for (const { name, data } of samples) expect([name, accepts(schema, data)]).toContain(true);
      }
    }
  });

  it('has 2 to 4 samples', () => {
    for (const { samples } of [...versions.values()].flat()) {
      expect(samples.length).toBeGreaterThanOrEqual(2);
      expect(samples.length).toBeLessThanOrEqual(4);
    }
  });
});

/** What a field may be given instead; enough to meet every rule once from either side. */
const WRONG = [null, undefined, true, 0, -1, 1.5, 501, '', 'zzz', 'x'.repeat(501), [], [null], {}];

describe('the schema says what the class checks', () => {
  it.each(events)('of %s', (type, event) => {
    const schema = jsonSchemaOf(event.data);
    const [sample] = versions.get(type)?.at(-1)?.samples ?? [];
    for (const name of Object.keys(schema.properties ?? {})) {
      for (const value of WRONG) {
        const data = { ...sample?.data, [name]: value };
        if (value === undefined) delete (data as Record<string, unknown>)[name];
        const byClass = faultsOfData(event, data).length === 0;
        expect([name, value, accepts(schema, data)]).toEqual([name, value, byClass]);
      }
    }
  });
});

test('the schema of submitted items says what their check does', () => {
  const [, event] = events.find(([type]) => type === 'assignments.attempt-submitted.v1') ?? [];
  const schema = jsonSchemaOf(event!.data);
  const sample = versions.get(event!.type)!.at(-1)!.samples[0]!.data;
  const item = (sample.items as object[])[0];
  const responses = WRONG.map((value) => ({ ...item, responses: { A: value ?? null, B: value } }));
  const items = [
    ...WRONG,
    ...['slot', 'itemVersionId', 'responses'].flatMap((name) =>
      WRONG.map((value) => ({ ...item, [name]: value })),
    ),
    ...responses,
  ].map((value) => JSON.parse(JSON.stringify(value ?? null)) as unknown);
  const judged = items.map((value) => {
    const data = { ...sample, items: [item, value] };
    const byClass = faultsOfData(event!, data).length === 0;
    expect([value, accepts(schema, data)]).toEqual([value, byClass]);
    return byClass;
  });
  expect(new Set(judged)).toEqual(new Set([true, false]));
});
