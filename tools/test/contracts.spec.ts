import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import {
  CellChanged,
  ClassChanged,
  type EventDefinition,
  EVENTS,
  topologyOf,
  upcastFrom,
} from '@parlance/events';
import { readRegistry, registryFaults } from '@parlance/events/contracts';
import { checkContracts, currentDocument, documentFaults } from '../src/contracts/check.js';
import { exportedEvents, serviceSources, wiringIn } from '../src/contracts/read-wiring.js';
import { wiringFaults } from '../src/contracts/wiring.js';
import { ROOT } from '../src/start/layout.js';

const wiring = wiringIn(serviceSources(ROOT), exportedEvents());
const topology = topologyOf(EVENTS);
const CELL = 'gradebook.cell-changed.v1';

/** The platform's events with one of them changed. */
const withCell = (fields: object): EventDefinition[] =>
  EVENTS.map((event) => (event.type === CELL ? { ...event, ...fields } : event));

const classV2 = {
  ...ClassChanged,
  type: 'identity.class-changed.v2',
  upcasts: upcastFrom(ClassChanged, (older) => older),
} as unknown as EventDefinition;

/** The platform after the second version of an event took the place of the first. */
const movedEvents = EVENTS.map((event) => (event.type === ClassChanged.type ? classV2 : event));

test('events, registry, handlers, queues and document agree', () => {
  const { faults, notes, counts } = checkContracts(ROOT);
  for (const note of notes) process.stderr.write(`contracts: NOT CHECKED: ${note}\n`);
  expect(faults).toEqual([]);
  expect(counts.events).toBe(EVENTS.length);
  expect(counts.versions).toBeGreaterThanOrEqual(EVENTS.length);
});

describe('the build fails for', () => {
  it('an incompatible change of an event', () => {
    const events = withCell({ data: ClassChanged.data });
    const [fault] = registryFaults(readRegistry(), events);
    expect(fault).toMatch(/^gradebook\.cell-changed\.v1 breaks its latest version 1\.\d+\.0\. /);
    expect(fault).toContain('$.cellId is gone');
  });

  it('a drifted document', () => {
    const current = currentDocument(readRegistry());
    expect(documentFaults(current, current)).toEqual([]);
    const says = (what: string) => `docs/asyncapi/parlance.json ${what}: run npm run contracts -- `;
    expect(documentFaults(current.replace('sqs', 'SQS'), current)).toEqual([
      `${says('is not what the code says')}asyncapi.`,
    ]);
    expect(documentFaults(undefined, current)).toEqual([`${says('does not exist')}asyncapi.`]);
  });

  it('a handler that is not registered as a consumer', () => {
    const more = { service: 'grading', type: CELL, file: 'apps/grading/src/events/on-x.ts' };
    const handlers = [...wiring.handlers, more];
    expect(wiringFaults(EVENTS, { ...wiring, handlers }, topology)).toEqual([
      `${more.file} handles ${CELL}, but its consumers do not name grading: no queue has it.`,
    ]);
  });

  it('a handler of an event nobody publishes', () => {
    const more = { service: 'lti', type: 'lti.gone.v1', file: 'apps/lti/src/events/on-gone.ts' };
    const handlers = [...wiring.handlers, more];
    expect(wiringFaults(EVENTS, { ...wiring, handlers }, topology)).toEqual([
      `${more.file} handles lti.gone.v1, which nobody publishes.`,
    ]);
  });

  it('a consumer without a handler', () => {
    const handlers = wiring.handlers.filter(({ type }) => type !== CELL);
    expect(wiringFaults(EVENTS, { ...wiring, handlers }, topology)).toEqual([
      `${CELL} is consumed by lti, which has no handler for it.`,
    ]);
  });

  it('an event without a consumer', () => {
    const events = withCell({ consumers: [] });
    expect(wiringFaults(events, wiring, topologyOf(events))).toEqual([
      `${CELL} has no consumer: nobody needs it published.`,
      `apps/lti/src/events/on-cell-changed.ts handles ${CELL}, but its consumers do not name ` +
        'lti: no queue has it.',
    ]);
  });

  it('consumers without a producer', () => {
    const additions = wiring.additions.filter(({ type }) => type !== CELL);
    expect(wiringFaults(EVENTS, { ...wiring, additions }, topology)).toEqual([
      `${CELL} has consumers, but gradebook never publishes it.`,
    ]);
  });

  it('a producer of what it does not own, or of what is no event any more', () => {
    const file = 'apps/lti/src/x.ts';
    const stray = [CELL, 'lti.gone.v1'].map((type) => ({ service: 'lti', type, file }));
    const additions = [...wiring.additions, ...stray];
    expect(wiringFaults(EVENTS, { ...wiring, additions }, topology)).toEqual([
      `${file} publishes ${CELL} of gradebook.`,
      `${file} publishes lti.gone.v1, which is not in EVENTS.`,
    ]);
  });

  it.each<[string, (types: string[]) => string[], string]>([
    ['matches nothing', (types) => [...types, 'a.b.v1'], 'names a.b.v1, which nobody publishes'],
    ['is empty', () => [], 'is empty: it matches nothing'],
    ['lets in too much', (types) => [...types, ClassChanged.type], 'which lti does not read'],
    ['keeps out what is read', () => [], `lti reads ${CELL}, but no queue of it lets that in.`],
  ])('a filter that %s', (_, change, expected) => {
    const queues = topology.queues.map((queue) =>
      queue.types.includes(CELL) ? { ...queue, types: change(queue.types) } : queue,
    );
    const faults = wiringFaults(EVENTS, wiring, { ...topology, queues });
    expect(faults.join('\n')).toContain(expected);
  });
});

test('an older version that is still read is neither a stray filter nor a missing producer', () => {
  const moved = (uses: typeof wiring.handlers) =>
    uses.map((use) => (use.type === ClassChanged.type ? { ...use, type: classV2.type } : use));
  const after = { handlers: moved(wiring.handlers), additions: moved(wiring.additions) };
  expect(wiringFaults(movedEvents, after, topologyOf(movedEvents))).toEqual([]);
});

test('the command says what it takes and fails for what it does not know', () => {
  const main = join(ROOT, 'tools', 'dist', 'src', 'contracts', 'main.js');
  const run = (...args: string[]) => spawnSync(process.execPath, [main, ...args]);
  expect(run('--help')).toMatchObject({ status: 0 });
  expect(String(run('check', '--help').stdout)).toContain('retire <type>');
  for (const args of [['publish'], ['check', 'twice'], ['retire']]) {
    expect(run(...args)).toMatchObject({ status: 2 });
  }
  const refused = run('retire', CellChanged.type);
  expect([refused.status, String(refused.stderr)]).toEqual([
    1,
    `contracts: ${CELL} is still in EVENTS: take it out first.\n`,
  ]);
});
