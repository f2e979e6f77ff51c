import type { Role } from './contestants.js';
import { counted, isDisturbed, type RunFigure } from './figures.js';
import type { Scenario } from './scenarios.js';
import { median, type Spread, spreadOf } from './statistics.js';

/** What is aimed at, in words and in figures; see docs/PERFORMANCE.md. */
interface Aim {
  text: string;
  isMet(rows: readonly Row[]): boolean | undefined;
}

interface Row {
  name: string;
  role: Role;
  value: Spread;
  baseline: number | undefined;
  cpuMs: number;
  runs: RunFigure[];
  counted: RunFigure[];
}

const bestOf = (rows: readonly Row[], ...roles: Role[]) =>
  Math.max(...rows.filter(({ role }) => roles.includes(role)).map(({ value }) => value.median));
const rowOf = (rows: readonly Row[], name: string) => rows.find((row) => row.name === name);

const timesBestPeer = (factor: number): Aim => ({
  text: `at least ${factor} x the best of the others`,
  isMet: (rows) => atLeast(bestOf(rows, 'ours') / bestOf(rows, 'default', 'peer'), factor),
});

const AIMS: Record<Scenario, Aim[]> = {
  'no-op': [timesBestPeer(1.2)],
  'async-5ms': [],
  slow: [
    {
      text: 'at least 40 x the default loop of sqs-consumer over batches of 10',
      isMet: (rows) =>
        atLeast(bestOf(rows, 'ours') / (rowOf(rows, 'sqs-consumer 10')?.value.median ?? NaN), 40),
    },
    timesBestPeer(3),
  ],
  postgres: [timesBestPeer(1.2)],
  inbox: [
    {
      text: 'at least 4 x one transaction per event',
      isMet: (rows) =>
        atLeast(bestOf(rows, 'ours') / (rowOf(rows, 'ours alone')?.value.median ?? NaN), 4),
    },
  ],
  noisy: [
    {
      text: "quiet institutions' p99 beside the noisy one at most 2 x their p99 alone",
      isMet: (rows) => {
        const ours = rows.find(({ role }) => role === 'ours');
        return atLeast(2, (ours?.value.median ?? NaN) / (ours?.baseline ?? NaN));
      },
    },
  ],
  relay: [
    {
      text: 'at least 5000 events a second, in order per key with two relays',
      isMet: (rows) => {
        const two = rowOf(rows, 'ours x2');
        const isOrdered = two?.runs.every(({ faults }) => faults.length === 0) ?? false;
        return isOrdered ? atLeast(bestOf(rows, 'ours'), 5000) : undefined;
      },
    },
  ],
};

function atLeast(value: number, least: number): boolean | undefined {
  return Number.isFinite(value) && Number.isFinite(least) ? value >= least : undefined;
}

/** The table of one scenario with its aims beneath. */
export function describeScenario(scenario: Scenario, runs: readonly RunFigure[]): string {
  const rows = rowsOf(runs);
  const standard = rows.find(({ role }) => role === 'default');
  const best = bestOf(rows, 'default', 'peer');
  const isAge = scenario === 'noisy';
  const lines = rows.map((row) => {
    const { value } = row;
    const ratios = isAge
      ? [ratio(value.median, row.baseline), '']
      : [ratio(value.median, standard?.value.median), ratio(value.median, best)];
    return [
      row.name,
      figure(value.median),
      `${figure(value.min)} - ${figure(value.max)}`,
      ...ratios,
      row.cpuMs.toFixed(3),
      String(sum(row.runs, ({ duplicates }) => duplicates)),
      remarksOf(row),
    ];
  });
  const head = isAge
    ? ['', 'p99 ms', 'min - max', 'x alone', '', 'CPU ms', 'twice', '']
    : ['', '/s', 'min - max', 'x default', 'x best', 'CPU ms', 'twice', ''];
  const aims = AIMS[scenario].map(({ text, isMet }) => {
    const verdict = { true: 'met', false: 'missed', undefined: 'not known' }[String(isMet(rows))];
    return `  aim: ${text}: ${verdict}`;
  });
  return [...tableOf([head, ...lines]), ...aims].join('\n');
}

function rowsOf(runs: readonly RunFigure[]): Row[] {
  const names = [...new Set(runs.map(({ contestant }) => contestant))];
  return names.map((name) => {
    const own = runs.filter(({ contestant }) => contestant === name);
    const good = counted(own);
    const baselines = good.flatMap(({ baseline }) => (baseline === undefined ? [] : [baseline]));
    return {
      name,
      role: own[0]?.role ?? 'peer',
      value: spreadOf(good.map(({ value }) => value)),
      baseline: baselines.length > 0 ? median(baselines) : undefined,
      cpuMs: median(good.map(({ cpuMs }) => cpuMs)),
      runs: own,
      counted: good,
    };
  });
}

function remarksOf({ runs, counted: good }: Row): string {
  const disturbed = good.filter(isDisturbed).length;
  const left = runs.filter(isDisturbed).length - disturbed;
  const said = [...new Set(runs.flatMap(({ faults, remarks }) => [...faults, ...remarks]))];
  return [
    ...said,
    ...(disturbed > 0 ? [`${disturbed} of ${good.length} disturbed`] : []),
    ...(left > 0 ? [`${left} disturbed left out`] : []),
  ].join('; ');
}

function ratio(value: number, of: number | undefined): string {
  const quotient = value / (of ?? NaN);
  return Number.isFinite(quotient) ? quotient.toFixed(quotient < 10 ? 2 : 1) : '-';
}

function figure(value: number): string {
  return Number.isFinite(value) ? value.toFixed(0) : '-';
}

function sum(runs: readonly RunFigure[], of: (run: RunFigure) => number): number {
  return runs.reduce((total, run) => total + of(run), 0);
}

/** Names to the left, figures to the right. */
function tableOf(rows: readonly string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const isText = column === 0 || column === row.length - 1;
        return isText ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
      })
      .join('  ')
      .trimEnd(),
  );
}
