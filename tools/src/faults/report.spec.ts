import { violation } from './check/violation.js';
import type { Injected } from './nemesis.js';
import { examples, faultLine, isGreen, type Result, summary } from './report.js';

const fault: Injected = {
  name: 'reorder',
  startedAt: '2026-01-02T03:04:05.678Z',
  seconds: 7.2,
  injected: { shuffle: 12, delay: 3 },
  outcome: 'held',
  saw: '40 submissions accepted meanwhile',
};
const green: Result = {
  faults: [fault],
  violations: [],
  submissions: 50,
  statuses: new Map([
    [0, 2],
    [201, 60],
  ]),
  unrest: undefined,
};

test('the last word counts what was lost, made up, doubled and overtaken', () => {
  expect(summary(green).split('\n')[0]).toBe(
    '0 lost, 0 phantom, 0 duplicate, 0 overtaken over 50 submissions',
  );
  expect(summary(green)).toContain('answers: 2 x none, 60 x 201');
  const violations = [violation('lost', 'I1', 'a', 'x'), violation('sum', 'I7', 'b', 'y')];
  const text = summary({ ...green, violations, unrest: 'outbox 2: 5' });
  expect(text).toContain('1 lost, 0 phantom, 0 duplicate, 0 overtaken over 50 submissions');
  expect(text).toContain('0 wrong traces, 0 wrong letters, 1 wrong sums; 1 faults held, 0 broken');
  expect(text).toContain('It did not come to rest: outbox 2: 5');
});

test('green is only what is quiet, whole and survived; a skipped fault is said and no failure', () => {
  expect(isGreen(green)).toBe(true);
  expect(isGreen({ ...green, unrest: 'x' })).toBe(false);
  expect(isGreen({ ...green, violations: [violation('trace', 'I5', 'a', 'x')] })).toBe(false);
  expect(isGreen({ ...green, faults: [{ ...fault, outcome: 'broken' }] })).toBe(false);
  const skipped: Result = { ...green, faults: [{ ...fault, outcome: 'skipped' }] };
  expect(isGreen(skipped)).toBe(true);
  expect(summary(skipped)).toContain('1 skipped');
});

test('a fault says when, how often, and whether it was survived', () => {
  const line = faultLine(fault);
  expect(line).toMatch(/^03:04:05 \+ 7 s {2}reorder +held/);
  expect(line).toContain('shuffle 12, delay 3; 40 submissions accepted meanwhile');
});

test('examples say how to look at them', () => {
  expect(examples([], '/tmp/x', 4920)).toBe('');
  const text = examples([violation('lost', 'I2', 'id-1', 'lti applied e never')], '/tmp/x', 4920);
  expect(text).toContain('lost      I2  lti applied e never');
  expect(text).toContain('npm run trace -- id-1 --data /tmp/x');
});
