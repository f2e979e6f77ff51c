import fc from 'fast-check';
import { FairSchedule } from './fair-schedule.js';

const item = (tenant: string, line: string, id = 0) => ({ tenant, line: `${tenant} ${line}`, id });

function takeAll<T>(take: () => T | undefined): T[] {
  const taken: T[] = [];
  for (let one = take(); one !== undefined; one = take()) taken.push(one);
  return taken;
}

test('a line has one runner at a time, first come first', () => {
  const schedule = new FairSchedule<ReturnType<typeof item>>(8);
  const [first, second] = [item('a', 'x', 1), item('a', 'x', 2)];
  schedule.add(first);
  schedule.add(second);
  expect(schedule.next()).toBe(first);
  expect(schedule.next()).toBeUndefined();
  schedule.finished(first);
  expect(schedule.next()).toBe(second);
});

test('institutions take turns, whoever came with more', () => {
  const schedule = new FairSchedule<ReturnType<typeof item>>(8);
  for (let id = 0; id < 10; id += 1) schedule.add(item('big', String(id)));
  schedule.add(item('small', '0'));
  const order = [schedule.next(), schedule.next()].map((taken) => taken?.tenant);
  expect(order).toEqual(['big', 'small']);
});

test('an institution over its share waits while another has work, and only then', () => {
  const schedule = new FairSchedule<ReturnType<typeof item>>(8);
  for (let id = 0; id < 6; id += 1) schedule.add(item('big', String(id)));
  expect([schedule.next(), schedule.next(), schedule.next()]).toHaveLength(3);
  for (let id = 0; id < 3; id += 1) schedule.add(item('small', String(id)));
  const order = takeAll(() => schedule.next()).map(({ tenant }) => tenant);
  expect(order.slice(0, 2)).toEqual(['small', 'small']);
  expect(order).toHaveLength(6);
});

test('what is removed never starts, and the rest does', () => {
  const schedule = new FairSchedule<ReturnType<typeof item>>(8);
  for (let id = 0; id < 6; id += 1) schedule.add(item('a', String(id % 3), id));
  const removed = schedule.remove(({ id }) => id % 2 === 0);
  expect(removed.map(({ id }) => id).sort()).toEqual([0, 2, 4]);
  expect(schedule.waiting).toBe(3);
  expect(
    takeAll(() => schedule.next())
      .map(({ id }) => id)
      .sort(),
  ).toEqual([1, 3, 5]);
});

test('everything added starts exactly once, each line in order, under any interleaving', () => {
  const step = fc.record({
    tenant: fc.constantFrom('a', 'b', 'c'),
    line: fc.constantFrom('x', 'y', 'z'),
    takes: fc.nat({ max: 3 }),
    finishes: fc.nat({ max: 3 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const schedule = new FairSchedule<ReturnType<typeof item>>(4);
      const running: ReturnType<typeof item>[] = [];
      const started: ReturnType<typeof item>[] = [];
      const take = (most: number) => {
        for (let n = 0; n < most; n += 1) {
          const next = schedule.next();
          if (!next) return;
          expect(running.some(({ line }) => line === next.line)).toBe(false);
          running.push(next);
          started.push(next);
        }
      };
      const finish = (most: number) => {
        for (const done of running.splice(0, most)) schedule.finished(done);
      };
      steps.forEach(({ tenant, line, takes, finishes }, id) => {
        schedule.add(item(tenant, line, id));
        take(takes);
        finish(finishes);
      });
      for (let n = 0; n <= steps.length; n += 1) {
        take(100);
        finish(100);
      }
      expect(started.map(({ id }) => id).sort((a, b) => a - b)).toEqual(steps.map((_, id) => id));
      for (const line of new Set(started.map((one) => one.line))) {
        const ids = started.filter((one) => one.line === line).map(({ id }) => id);
        expect(ids).toEqual([...ids].sort((a, b) => a - b));
      }
      expect(schedule.waiting).toBe(0);
    }),
  );
});
