import { decideRefresh, expiryOf, IDLE_DAYS, LONGEST_DAYS, type SessionState } from './refresh.js';

const DAY_MS = 86_400_000;
const now = new Date('2026-03-01T00:00:00Z');
const inDays = (days: number) => new Date(now.getTime() + days * DAY_MS);
const session: SessionState = {
  createdAt: inDays(-1),
  expiresAt: inDays(1),
  ended: false,
  personStatus: 'active',
  isLatestSecret: true,
};

test.each([
  ['the latest secret of a live session rotates', {}, 'rotate'],
  ['an old secret is theft', { isLatestSecret: false }, 'reused'],
  [
    'an old secret is theft though the session has expired',
    { isLatestSecret: false, expiresAt: now },
    'reused',
  ],
  ['an ended session stays ended', { ended: true, isLatestSecret: false }, 'ended'],
  ['an idle session expires', { expiresAt: now }, 'expired'],
  ['a suspended person does not get in', { personStatus: 'suspended' as const }, 'suspended'],
])('%s', (_fact, over, decision) => {
  expect(decideRefresh({ ...session, ...over }, now)).toBe(decision);
});

test('use prolongs a session, but not for ever', () => {
  expect(expiryOf(now, now)).toEqual(inDays(IDLE_DAYS));
  expect(expiryOf(inDays(2 - LONGEST_DAYS), now)).toEqual(inDays(2));
});
