import type { WayReport } from './way.js';

export type Mode = 'off' | 'healthy' | 'absent' | 'hanging';

export interface Run extends WayReport {
  mode: Mode;
  round: number;
}

/** Per mode the median with its spread, and what it loses against two others. */
export function summary(runs: readonly Run[]): string {
  const modes = [...new Set(runs.map(({ mode }) => mode))];
  const lines = modes.map((mode) => {
    const own = runs.filter((run) => run.mode === mode);
    const rates = own.map(({ perSecond }) => perSecond);
    const [low, high] = [Math.min(...rates), Math.max(...rates)];
    return [
      mode.padEnd(9),
      `${median(rates).toFixed(0)} (${low.toFixed(0)}-${high.toFixed(0)})`.padEnd(20),
      median(own.map(({ cpuMsPerEvent }) => cpuMsPerEvent))
        .toFixed(2)
        .padEnd(10),
      lossAgainst(runs, mode, 'healthy').padEnd(14),
      lossAgainst(runs, mode, 'off').padEnd(12),
      Math.max(...own.map(({ lost }) => lost)).toString(),
    ].join(' ');
  });
  const head =
    'backend   events/s (spread)    CPU ms     loss/healthy   loss/off     most records lost';
  return ['', head, ...lines].join('\n');
}

/**
 * Percent of throughput lost: the median over the rounds of the loss within a round, whose runs
 * lie closest in time.
 */
export function lossAgainst(runs: readonly Run[], mode: Mode, other: Mode): string {
  const losses = runs
    .filter((run) => run.mode === mode)
    .flatMap(({ round, perSecond }) => {
      const base = runs.find((run) => run.mode === other && run.round === round);
      return base === undefined ? [] : [(1 - perSecond / base.perSecond) * 100];
    });
  return losses.length === 0 || mode === other ? '-' : `${median(losses).toFixed(1)} %`;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
}
