import { Injectable } from '@nestjs/common';
import type { TestStructure } from '@parlance/assessment';
import { type FieldFault, type Id, newId, notFound, Refusal, storableText } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import { type Actor, Database, once, requireVersion } from '@parlance/platform';
import { currentTraceId } from '@parlance/telemetry';
import { type PinnableItem, type TestRow, TestStore } from './db/test.store.js';
import { canonicalJson } from './domain/canonical-json.js';
import { MAX_FORM_ITEMS } from './domain/pools.js';
import { titleOf } from './domain/titles.js';
import { MAX_EVENT_BYTES } from './import-plan.js';
import { Publications } from './publications.js';

/** An item as a teacher puts it into a test: its latest version, or the one named. */
export interface ChosenItem {
  itemId?: Id;
  itemVersionId?: Id;
  required?: boolean;
  fixed?: boolean;
}

export interface BuiltTest {
  title: string;
  timeLimitSeconds?: number | null;
  sections: {
    title: string;
    instructions?: string;
    select?: number | null;
    shuffle?: boolean;
    items: ChosenItem[];
  }[];
}

type TestView = TestRow & { structure: TestStructure };

/** Room for the other fields of the event. */
const MAX_STRUCTURE_BYTES = MAX_EVENT_BYTES - 4096;

/** Tests that teachers put together by hand. Each version pins its items for good. */
@Injectable()
export class BuiltTests {
  constructor(
    private readonly database: Database,
    private readonly store: TestStore,
    private readonly publications: Publications,
  ) {}

  async create(actor: Actor, body: BuiltTest, key?: string): Promise<TestView> {
    return this.database.inInstitution(actor.institutionId, (tx) =>
      once(tx, { actor, key, operation: 'create-test', body }, () =>
        this.publish(tx, actor, newId(), body),
      ),
    );
  }

  /** The next version of a test; assignments that have an older one keep it. */
  async change(actor: Actor, id: Id, seen: number, body: BuiltTest): Promise<TestView> {
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      const test = await this.store.lock(tx, id);
      if (test === undefined) throw notFound('test');
      requireVersion(seen, test.version);
      return this.publish(tx, actor, test.identifier, body);
    });
  }

  private async publish(
    tx: Tx,
    actor: Actor,
    identifier: string,
    body: BuiltTest,
  ): Promise<TestView> {
    const chosen = body.sections.flatMap(({ items }) => items);
    if (chosen.length > MAX_FORM_ITEMS) {
      const detail = `A test has ${MAX_FORM_ITEMS} items at most.`;
      throw new Refusal('unprocessable', 'too-many-items', detail);
    }
    const given = (key: 'itemId' | 'itemVersionId') =>
      chosen.flatMap((item) => (item[key] ? [item[key].toLowerCase()] : []));
    const named = { itemIds: given('itemId'), versionIds: given('itemVersionId') };
    const pinnable = await this.store.pinnable(tx, named);
    const structure = structureOf(body, pinnable);
    if (Buffer.byteLength(canonicalJson(structure)) > MAX_STRUCTURE_BYTES) {
      throw new Refusal('too-large', 'test-too-large', 'The texts of the test are too long.');
    }
    const { institutionId, personId: actorId } = actor;
    const { id } = await this.publications.structure(
      tx,
      {
        ...{ identifier, structure },
        points: new Map(pinnable.map((item) => [item.itemVersionId, item.pointsPossible])),
        timeLimitSeconds: body.timeLimitSeconds ?? undefined,
      },
      { importId: null, institutionId, actorId, traceId: currentTraceId() ?? null },
    );
    return JSON.parse(JSON.stringify(await this.store.find(tx, id))) as TestView;
  }
}

/** Throws a Refusal that names every item which cannot be in the test. */
function structureOf(body: BuiltTest, pinnable: readonly PinnableItem[]): TestStructure {
  const faults: FieldFault[] = [];
  const pinned = new Set<Id>();
  const sections = body.sections.map((section, at) => {
    const { select = null, shuffle = false } = section;
    if (select !== null && select > section.items.length) {
      faults.push({ pointer: `/sections/${at}/select`, detail: 'must not be more than its items' });
    }
    const items = section.items.flatMap((chosen, place) => {
      const found = pick(chosen, pinnable);
      const fault = faultOf(found, pinned);
      if (fault !== undefined) {
        faults.push({ pointer: `/sections/${at}/items/${place}`, detail: fault });
      }
      if (found === undefined) return [];
      pinned.add(found.itemId);
      const { identifier, itemVersionId } = found;
      const required = chosen.required === true ? { required: true } : {};
      return [{ identifier, itemVersionId, fixed: chosen.fixed ?? false, ...required }];
    });
    const text = storableText(section.instructions ?? '').trim();
    const instructions =
      text === ''
        ? []
        : [
            {
              ...{ kind: 'element' as const, name: 'p' },
              children: [{ kind: 'text' as const, text }],
            },
          ];
    const title = storableText(section.title).trim();
    return { id: `S${at + 1}`, title, instructions, select, shuffle, items };
  });
  if (faults.length === 0) return { title: titleOf(body.title), sections };
  const detail = 'The test cannot be put together as it is.';
  throw new Refusal('unprocessable', 'items-not-usable', detail, faults);
}

function pick(chosen: ChosenItem, pinnable: readonly PinnableItem[]): PinnableItem | undefined {
  const [itemId, versionId] = [chosen.itemId?.toLowerCase(), chosen.itemVersionId?.toLowerCase()];
  if ((itemId === undefined) === (versionId === undefined)) return undefined;
  return pinnable.find((item) =>
    versionId === undefined
      ? item.itemId === itemId && item.isLatest
      : item.itemVersionId === versionId,
  );
}

function faultOf(item: PinnableItem | undefined, pinned: ReadonlySet<Id>): string | undefined {
  if (item === undefined) return 'must name one published item or one version';
  if (item.status !== 'published') return `the item is ${item.status}`;
  return pinned.has(item.itemId) ? 'the item is in the test already' : undefined;
}
