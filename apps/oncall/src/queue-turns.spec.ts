import { QueueTurns } from './queue-turns.js';

function gate() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

test('one at a time is at a queue, in the order of asking, and other queues do not wait', async () => {
  const turns = new QueueTurns();
  const seen: string[] = [];
  const first = gate();
  const one = turns.take('a', async () => {
    await first.opened;
    seen.push('one');
  });
  const two = turns.take('a', async () => void seen.push('two'));
  await turns.take('b', async () => void seen.push('other'));
  expect(seen).toEqual(['other']);
  const ended = turns.ended('a').then(() => seen.push('ended'));
  first.open();
  await Promise.all([one, two, ended]);
  expect(seen).toEqual(['other', 'one', 'two', 'ended']);
});

test('a turn that fails is told to who took it, and the next comes all the same', async () => {
  const turns = new QueueTurns();
  const failing = turns.take('a', () => Promise.reject(new Error('away')));
  const next = turns.take('a', async () => 'here');
  await expect(failing).rejects.toThrow('away');
  expect(await next).toBe('here');
  await turns.ended('a');
});
