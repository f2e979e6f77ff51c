import { newId } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import type { TestService } from '@parlance/platform/testing';
import { ItemStore } from '../src/db/item.store.js';
import {
  choiceSource,
  gapPackage,
  type Person,
  person,
  publishedItem,
  startContent,
} from './content-service.js';

let service: TestService;
let author: Person;
let reviewer: Person;

beforeAll(async () => {
  service = await startContent();
  author = await person(service);
  reviewer = await person(service, 'teacher', author.institutionId);
  const publish = (identifier: string, prompt: string, tags: object) =>
    publishedItem(author, reviewer, choiceSource(identifier, 'goes', { prompt }), tags);
  await publish('travel', 'We would have ___ by train.', {
    ...{ cefrLevel: 'B1', skills: ['grammar'] },
    ...{ topics: [' Travel ', 'TRAVEL'], canDo: ["Can ask for a ticket's price"] },
  });
  await publish('food', 'They ___ soup and bread.', { cefrLevel: 'A2', topics: ['food & drink'] });
  await author.post('/items', { source: choiceSource('draft-soup') });
  await author.upload(gapPackage({ imported: 'a' }));
});
afterAll(() => service.stop());

const found = async (query: Record<string, string>) => {
  const { status, body } = await author.get(`/items?${new URLSearchParams(query)}`);
  expect(status).toBe(200);
  return body.items.map((item: { identifier: string }) => item.identifier).sort();
};

describe('items are found by', () => {
  it.each([
    [{ text: 'soup' }, ['food']],
    [{ text: 'WOULD train' }, ['travel']],
    [{ text: '"by have"' }, []],
    [{ text: 'train or bread' }, ['food', 'travel']],
    [{ text: 'every -soup' }, ['travel']],
    [{ text: 'goes', status: 'any' }, ['food', 'travel']],
    [{ text: 'day', status: 'draft' }, ['draft-soup']],
    [{ topic: 'travel' }, ['travel']],
    [{ topic: 'food & drink', cefrLevel: 'A2' }, ['food']],
    [{ topic: 'food & drink', cefrLevel: 'B1' }, []],
    [{ canDo: "can ask for a ticket's price" }, ['travel']],
    [{ type: 'single-choice' }, ['food', 'travel']],
    [{ type: 'text-entry', used: 'yes' }, ['imported']],
    [{ used: 'no' }, ['food', 'travel']],
    [{ text: 'bread', search: 'every' }, ['food']],
    [{ text: 'bread', search: 'nothing' }, []],
    [{ text: "\u0000'); DROP TABLE item; --" }, []],
    [{ topic: "x' | 'status:draft" }, []],
    [{ topic: '\\' }, []],
    [{}, ['food', 'imported', 'travel']],
  ])('%j: %j', async (query, expected) => {
    expect(await found(query as Record<string, string>)).toEqual(expected);
  });

  it('their author', async () => {
    expect(await found({ authorId: author.personId })).toEqual(['food', 'travel']);
    expect(await found({ authorId: newId() })).toEqual([]);
  });

  it('where they stand, as soon as that changes', async () => {
    const { itemId } = await publishedItem(author, reviewer, choiceSource('gone'), {
      topics: ['volcanoes'],
    });
    expect(await found({ topic: 'volcanoes' })).toEqual(['gone']);
    await author.put(`/items/${itemId}/retirement`, { reason: 'Old.' });
    expect(await found({ topic: 'volcanoes' })).toEqual([]);
    expect(await found({ topic: 'volcanoes', status: 'retired' })).toEqual(['gone']);
  });

  it('nobody of another institution', async () => {
    const stranger = await person(service);
    expect((await stranger.get('/items?text=soup&status=any')).body.items).toEqual([]);
    expect((await stranger.get('/item-tags?kind=topic')).body.items).toEqual([]);
  });
});

test('words in use are told while somebody types', async () => {
  const { body } = await author.get('/item-tags?kind=topic&prefix=TRA');
  expect(body.items).toEqual([{ word: 'travel' }]);
  const first = await author.get('/item-tags?kind=topic&limit=1');
  const second = await author.get(`/item-tags?kind=topic&limit=1&cursor=${first.body.nextCursor}`);
  expect([...first.body.items, ...second.body.items].map(({ word }) => word)).toEqual([
    ...['food & drink', 'travel'],
  ]);
  expect((await author.get('/item-tags?kind=colour')).status).toBe(400);
  const learner = await person(service, 'learner', author.institutionId);
  expect((await learner.get('/item-tags?kind=topic')).status).toBe(403);
});

test('among 50,000 items of many institutions the index finds them, page by page', async () => {
  const big = await person(service);
  const add = (tx: Tx, count: number, word: string) =>
    tx.query(
      `WITH made AS (INSERT INTO item (id, identifier, title)
         SELECT gen_random_uuid(), $2 || n, $2 || ' number ' || n FROM generate_series(1, $1) AS n
         RETURNING institution_id, id, title)
       INSERT INTO item_search (institution_id, item_id, document)
       SELECT institution_id, id, to_tsvector('simple', title)
              || array_to_tsvector(ARRAY['institution:' || institution_id, 'status:published'])
       FROM made`,
      [count, word],
    );
  for (const institutionId of [service.institution(), service.institution()]) {
    await service.database.inInstitution(institutionId, (tx) => add(tx, 12_000, 'plain'));
  }
  await service.database.inInstitution(big.institutionId, async (tx) => {
    await add(tx, 26_000, 'plain');
    await add(tx, 30, 'rare');
  });
  const scans = () =>
    service.database.inInstitution(big.institutionId, async (tx) => {
      const [row] = await tx.query<{ index: number; seq: number }>(
        `SELECT (SELECT idx_scan FROM pg_stat_user_indexes
                 WHERE indexrelname = 'item_search_document')::int AS index,
                (SELECT seq_scan FROM pg_stat_user_tables
                 WHERE relname = 'item_search')::int AS seq`,
      );
      return row;
    });
  const page = (after: string | null) =>
    service.database.inInstitution(big.institutionId, async (tx) => {
      const filter = { text: 'rare', status: 'published' };
      const rows = await service.get(ItemStore).list(tx, filter, after, 20);
      await tx.query('SELECT pg_stat_force_next_flush()');
      return rows.map(({ id }) => id);
    });
  const before = await scans();
  const first = await page(null);
  const second = await page(first[19] ?? null);
  expect([first.length, second.length]).toEqual([21, 10]);
  expect(new Set([...first.slice(0, 20), ...second]).size).toBe(30);
  const after = await scans();
  expect(after).toEqual({ index: (before?.index ?? 0) + 2, seq: before?.seq });
});
