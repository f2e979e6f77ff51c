import { ACTIVE_MS, type KeyAge, planRotation, PUBLISHED_MS, RETIRING_MS } from './key-rotation.js';

const now = new Date('2026-03-01T00:00:00Z');
const key = (kid: string, state: KeyAge['state'], ageMs: number): KeyAge => ({
  kid,
  state,
  since: new Date(now.getTime() - ageMs),
});

test.each<[string, KeyAge[], ReturnType<typeof planRotation>]>([
  ['the first start makes a key that signs', [], [{ do: 'create', state: 'active' }]],
  ['a young key is left alone', [key('a', 'active', 1)], []],
  [
    'an old key gets a successor, which waits',
    [key('a', 'active', ACTIVE_MS)],
    [{ do: 'create', state: 'published' }],
  ],
  [
    'a successor does not sign before all know it',
    [key('a', 'active', ACTIVE_MS), key('b', 'published', PUBLISHED_MS - 1)],
    [],
  ],
  [
    'then it takes over',
    [key('a', 'active', ACTIVE_MS), key('b', 'published', PUBLISHED_MS)],
    [
      { do: 'retire', kid: 'a' },
      { do: 'activate', kid: 'b' },
    ],
  ],
  [
    'a retired key is still known while its tokens live',
    [key('a', 'retiring', RETIRING_MS - 1), key('b', 'active', 1)],
    [],
  ],
  [
    'and forgotten afterwards',
    [key('a', 'retiring', RETIRING_MS), key('b', 'active', 1)],
    [{ do: 'remove', kid: 'a' }],
  ],
])('%s', (_fact, keys, steps) => {
  expect(planRotation(keys, now)).toEqual(steps);
});
