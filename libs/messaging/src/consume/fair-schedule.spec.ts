import fc from 'fast-check';
import { FairSchedule, type Lanes } from './fair-schedule.js';

type Item = ReturnType<typeof item>;

const item = (tenant: string, line: string, id = 0, type = 't') => ({
  tenant,
  line: `${tenant} ${line}`,
  id,
  type,
});

const OPEN: Lanes = { isOpen: () => true, batchSize: () => 1, costMs: () => 1 };

const scheduleOf = (concurrency: number, lanes: Partial<Lanes> = {}) =>
  new FairSchedule<Item>(() => concurrency, { ...OPEN, ...lanes });

function takeAll(schedule: FairSchedule<Item>): Item[][] {
  const taken: Item[][] = [];
  for (let one = schedule.next(); one.length > 0; one = schedule.next()) taken.push(one);
  return taken;
}

test('a line has one runner at a time, first come first', () => {
  const schedule = scheduleOf(8);
  const [first, second] = [item('a', 'x', 1), item('a', 'x', 2)];
  schedule.add(first);
  schedule.add(second);
  expect(schedule.next()).toEqual([first]);
  expect(schedule.next()).toEqual([]);
  schedule.finished([first]);
  expect(schedule.next()).toEqual([second]);
});

test('institutions take turns, whoever came with more', () => {
  const schedule = scheduleOf(8);
  for (let id = 0; id < 10; id += 1) schedule.add(item('big', String(id)));
  schedule.add(item('small', '0'));
  const order = [schedule.next(), schedule.next()].map(([taken]) => taken?.tenant);
  expect(order).toEqual(['big', 'small']);
});

test('turns are of handler time: slow messages cost their institution turns', () => {
  // One slow message costs as much as five quick ones, so five quick ones go for each slow one.
  const schedule = scheduleOf(100, { costMs: (type) => (type === 'slow' ? 50 : 10) });
  for (let id = 0; id < 4; id += 1) schedule.add(item('a', String(id), id, 'slow'));
  for (let id = 0; id < 10; id += 1) schedule.add(item('b', String(id), id, 'quick'));
  const order = Array.from({ length: 12 }, () => schedule.next()[0]?.type);
  expect(order.filter((type) => type === 'slow')).toHaveLength(2);
});

test('who was away does not come back with turns saved up', () => {
  const schedule = scheduleOf(100);
  for (let id = 0; id < 20; id += 1) schedule.add(item('a', String(id)));
  for (let id = 0; id < 10; id += 1) schedule.next();
  for (let id = 0; id < 20; id += 1) schedule.add(item('b', String(id)));
  const order = Array.from({ length: 8 }, () => schedule.next()[0]?.tenant);
  expect(order.filter((tenant) => tenant === 'a').length).toBeGreaterThanOrEqual(3);
});

test('an institution over its share waits while another has work, and only then', () => {
  const schedule = scheduleOf(8);
  for (let id = 0; id < 6; id += 1) schedule.add(item('big', String(id)));
  expect([schedule.next(), schedule.next(), schedule.next()].flat()).toHaveLength(3);
  for (let id = 0; id < 3; id += 1) schedule.add(item('small', String(id)));
  const order = takeAll(schedule).flatMap((batch) => batch.map(({ tenant }) => tenant));
  expect(order.slice(0, 2)).toEqual(['small', 'small']);
  expect(order).toHaveLength(6);
});

test('a batch is of one institution and type, and of as many lines as messages', () => {
  const schedule = scheduleOf(8, { batchSize: (type) => (type === 't' ? 3 : 1) });
  for (let id = 0; id < 4; id += 1) schedule.add(item('a', String(id), id));
  schedule.add(item('a', '0', 4));
  schedule.add(item('a', '5', 5, 'other'));
  schedule.add(item('b', '6', 6));
  const batches = takeAll(schedule).map((batch) => batch.map(({ id }) => id));
  expect(batches).toContainEqual([0, 1, 2]);
  expect(batches).toContainEqual([5]);
  expect(batches).toContainEqual([6]);
  expect(batches).toContainEqual([3]);
  expect(batches.flat()).not.toContain(4);
});

test('a type that may not start leaves the turn to the other types', () => {
  const schedule = scheduleOf(8, { isOpen: (type) => type !== 'stuck' });
  schedule.add(item('a', '1', 1, 'stuck'));
  schedule.add(item('a', '2', 2, 'fine'));
  schedule.add(item('b', '3', 3, 'stuck'));
  expect(takeAll(schedule)).toEqual([[item('a', '2', 2, 'fine')]]);
  expect(schedule.waiting).toBe(2);
});

test('what is removed never starts, and the rest does', () => {
  const schedule = scheduleOf(8);
  for (let id = 0; id < 6; id += 1) schedule.add(item('a', String(id % 3), id));
  const removed = schedule.remove(({ id }) => id % 2 === 0);
  expect(removed.map(({ id }) => id).sort()).toEqual([0, 2, 4]);
  expect(schedule.waiting).toBe(3);
  expect(
    takeAll(schedule)
      .flat()
      .map(({ id }) => id)
      .sort(),
  ).toEqual([1, 3, 5]);
});

test('everything added starts exactly once, each line in order, under any interleaving', () => {
  const step = fc.record({
    tenant: fc.constantFrom('a', 'b', 'c'),
    line: fc.constantFrom('x', 'y', 'z'),
    type: fc.constantFrom('t', 'u'),
    takes: fc.nat({ max: 3 }),
    finishes: fc.nat({ max: 3 }),
    removes: fc.boolean(),
  });
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 60 }),
      fc.integer({ min: 1, max: 4 }),
      (steps, size) => {
        const schedule = scheduleOf(4, { batchSize: () => size });
        const running: Item[][] = [];
        const started: Item[] = [];
        const removed: Item[] = [];
        const take = (most: number) => {
          for (let n = 0; n < most; n += 1) {
            const batch = schedule.next();
            if (batch.length === 0) return;
            const lines = [...running.flat(), ...batch].map(({ line }) => line);
            expect(new Set(lines).size).toBe(lines.length);
            expect(batch.length).toBeLessThanOrEqual(size);
            expect(new Set(batch.map(({ tenant, type }) => tenant + type)).size).toBe(1);
            running.push(batch);
            started.push(...batch);
          }
        };
        const finish = (most: number) => {
          for (const done of running.splice(0, most)) schedule.finished(done);
        };
        steps.forEach(({ tenant, line, type, takes, finishes, removes }, id) => {
          schedule.add(item(tenant, line, id, type));
          take(takes);
          if (removes) removed.push(...schedule.remove((one) => one.id % 5 === 0));
          finish(finishes);
        });
        for (let n = 0; n <= steps.length; n += 1) {
          take(100);
          finish(100);
        }
        const seen = [...started, ...removed].map(({ id }) => id).sort((a, b) => a - b);
        expect(seen).toEqual(steps.map((_, id) => id));
        for (const line of new Set(started.map((one) => one.line))) {
          const ids = started.filter((one) => one.line === line).map(({ id }) => id);
          expect(ids).toEqual([...ids].sort((a, b) => a - b));
        }
        expect(schedule.waiting).toBe(0);
      },
    ),
  );
});
