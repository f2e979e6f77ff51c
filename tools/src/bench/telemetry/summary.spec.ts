import { lossAgainst, median, type Mode, type Run } from './summary.js';

const run = (mode: Mode, round: number, perSecond: number): Run => ({
  ...{ mode, round, perSecond },
  ...{ cpuMsPerEvent: 1, lost: 0, stopMs: 1 },
});

test('a loss is told within rounds, so that a machine that slows down is no loss', () => {
  const runs = [
    run('healthy', 0, 1000),
    run('absent', 0, 960),
    run('healthy', 1, 500),
    run('absent', 1, 480),
  ];
  expect(lossAgainst(runs, 'absent', 'healthy')).toBe('4.0 %');
  expect(lossAgainst(runs, 'healthy', 'absent')).toBe('-4.2 %');
  expect(lossAgainst(runs, 'healthy', 'healthy')).toBe('-');
  expect(lossAgainst(runs, 'healthy', 'off')).toBe('-');
});

test('the median of an even number lies between the middle two', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([9, 1, 5])).toBe(5);
});
