import type { Role } from './contestants.js';
import type { RunFigure } from './figures.js';
import { describeScenario } from './report.js';

function runs(contestant: string, role: Role, values: number[], more: Partial<RunFigure> = {}) {
  return values.map((value, index): RunFigure => {
    const use = { foreignCores: 0, namedCores: {} };
    const nothing = { lost: 0, duplicates: 0, faults: [], remarks: [] };
    const round = index + 1;
    return { contestant, role, round, value, cpuMs: 0.5, messages: 10, use, ...nothing, ...more };
  });
}

/** Cells of the row that begins with the name. */
function cells(table: string, name: string): string[] {
  const line = table.split('\n').find((one) => one.startsWith(`${name}  `)) ?? '';
  return line
    .slice(name.length)
    .trim()
    .split(/\s{2,}/);
}

const others = [
  ...runs('sqs-consumer', 'default', [100, 120, 110]),
  ...runs('sqs-consumer batch', 'peer', [200]),
];

test('ratios are of medians, to the default and to the best of the others', () => {
  const table = describeScenario('no-op', [...others, ...runs('ours', 'ours', [330, 310, 320])]);
  expect(cells(table, 'ours')).toEqual(['320', '310 - 330', '2.91', '1.60', '0.500', '0']);
  expect(cells(table, 'sqs-consumer')).toEqual(['110', '100 - 120', '1.00', '0.55', '0.500', '0']);
  expect(table).toContain('1.2 x the best of the others: met');
});

test('what is lent something of ours is shown, and not what ours is compared with', () => {
  const lent = runs('sqs-consumer batch, our client', 'lent', [900]);
  const table = describeScenario('no-op', [...others, ...lent, ...runs('ours', 'ours', [320])]);
  expect(cells(table, 'ours')).toEqual(expect.arrayContaining(['1.60']));
  expect(cells(table, 'sqs-consumer batch, our client')).toEqual(expect.arrayContaining(['4.50']));
});

test('an aim that is missed is called so, one that cannot be judged as well', () => {
  const missed = describeScenario('no-op', [...others, ...runs('ours', 'ours', [210])]);
  expect(missed).toContain('best of the others: missed');
  expect(describeScenario('no-op', others)).toContain('best of the others: not known');
});

test('a run with a fault has no part in the figure', () => {
  const faulty = runs('ours', 'ours', [9000], { faults: ['lost 3'] });
  const table = describeScenario('no-op', [...others, ...faulty, ...runs('ours', 'ours', [220])]);
  expect(cells(table, 'ours')).toEqual([
    '220',
    '220 - 220',
    '2.00',
    '1.10',
    '0.500',
    '0',
    'lost 3',
  ]);
});

test('disturbed runs are left out while there are others, and marked when there are none', () => {
  const disturbed = { use: { foreignCores: 0.9, namedCores: {} } };
  const some = [...runs('ours', 'ours', [50], disturbed), ...runs('ours', 'ours', [220])];
  expect(cells(describeScenario('no-op', some), 'ours')).toEqual(
    expect.arrayContaining(['220', '1 disturbed left out']),
  );
  const all = describeScenario('no-op', runs('ours', 'ours', [50, 60], disturbed));
  expect(cells(all, 'ours')).toEqual(expect.arrayContaining(['55', '2 of 2 disturbed']));
});

test('where age counts, it is compared with the age alone', () => {
  const table = describeScenario('noisy', runs('ours', 'ours', [30, 32, 34], { baseline: 16 }));
  expect(cells(table, 'ours')).toEqual(['32', '30 - 34', '2.00', '0.500', '0']);
  expect(table).toContain('2 x their p99 alone: met');
});
