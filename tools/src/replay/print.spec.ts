import { nextText, previewText, verificationText } from './print.js';
import { type Admitted, isFinished, type Replay, type Sent } from './views.js';

function replay(admitted: Partial<Admitted> = {}, ...sent: Partial<Sent>[]): Replay {
  return {
    admitted: {
      ...{ consumer: 'gradebook', replayId: 'R', mode: 'rebuild', projection: 'cells' },
      ...{ types: ['grading.attempt-scored.v1', 'identity.person-changed.v1'], state: 'open' },
      ...{ applied: 0, skipped: 0, missed: 0, reason: '', createdBy: '', createdAt: '' },
      ...admitted,
    } as Admitted,
    sent: sent as Sent[],
  };
}

const grading = { owner: 'grading', state: 'done', sent: 4 } as const;
const identity = { owner: 'identity', state: 'done', sent: 2 } as const;

describe('a replay is finished', () => {
  it.each([
    ['everything is sent and handled', true, { applied: 5, skipped: 1 }, [grading, identity]],
    ['an event is not handled', false, { applied: 5 }, [grading, identity]],
    ['an owner has not begun', false, { applied: 6 }, [grading]],
    ['an owner still sends', false, { applied: 6 }, [grading, { ...identity, state: 'running' }]],
  ] as [string, boolean, Partial<Admitted>, Partial<Sent>[]][])('%s: %s', (_, is, own, sent) => {
    expect(isFinished(replay(own, ...sent))).toBe(is);
  });
});

it('says what comes next', () => {
  const whole = [grading, identity];
  expect(nextText(replay({ applied: 6 }, ...whole))).toBe(
    'Next: npm run replay -- verify R\n then npm run replay -- swap R',
  );
  expect(nextText(replay({}, ...whole))).toBe('Next: npm run replay -- wait R');
  expect(nextText(replay({ state: 'swapped' }, ...whole))).toContain('npm run replay -- drop R');
  expect(nextText(replay({ state: 'cancelled' }, ...whole))).toBe('');
});

it('counts by day and type', () => {
  const counts = [
    { owner: 'grading', type: 'grading.attempt-scored.v1', day: '2026-03-01', events: 7 },
    { owner: 'grading', type: 'grading.attempt-scored.v1', day: '2026-03-02', events: 12 },
  ] as const;
  expect(previewText(counts)).toBe(
    [
      '  day (UTC)   from     type                       events',
      '  2026-03-01  grading  grading.attempt-scored.v1       7',
      '  2026-03-02  grading  grading.attempt-scored.v1      12',
      '',
      '19 events.',
    ].join('\n'),
  );
  expect(previewText([])).toBe('Nothing would be sent.');
});

it('shows what a swap would change, by key and column', () => {
  const table = { table: 'cell', liveRows: 3, shadowRows: 3, missing: 0, surplus: 0, differing: 1 };
  const examples = [{ key: { id: 'C' }, is: 'differing', columns: ['version'] }];
  const text = verificationText({ missed: 1, early: 2, tables: [{ ...table, examples }] });
  expect(text.split('\n')).toEqual([
    '  table  in use  new  missing  surplus  differing',
    '  cell        3    3        0        0          1',
    '',
    'Examples',
    '  cell differing in version: id=C',
    '',
    '2 events came here first: the service must have them by the usual way too.',
    '',
    '1 events could not be taken: it cannot be swapped in.',
  ]);
});
