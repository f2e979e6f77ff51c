import type { Mutant } from './instrument.js';
import type { Fate } from './run-mutants.js';

export interface Judged {
  mutant: Mutant;
  fate: Fate;
}

export interface Tally {
  file: string;
  killed: number;
  timedOut: number;
  survived: number;
  notCovered: number;
}

export function tallyOf(file: string, judged: readonly Judged[]): Tally {
  const count = (fate: Fate) => judged.filter((one) => one.fate === fate).length;
  return {
    file,
    killed: count('killed'),
    timedOut: count('timed out'),
    survived: count('survived'),
    notCovered: count('not covered'),
  };
}

/** Mutants noticed, in per cent of all of them; 100 when there is none. */
export function scoreOf({ killed, timedOut, survived, notCovered }: Tally): number {
  const all = killed + timedOut + survived + notCovered;
  return all === 0 ? 100 : (100 * (killed + timedOut)) / all;
}

/** A line for each file, worst first, and one for all together. */
export function table(judged: readonly Judged[]): string {
  const byFile = Map.groupBy(judged, ({ mutant }) => mutant.file);
  const tallies = [...byFile].map(([file, some]) => tallyOf(file, some));
  tallies.sort((a, b) => scoreOf(a) - scoreOf(b));
  const width = Math.max(4, ...tallies.map(({ file }) => file.length));
  const row = (cells: (string | number)[]) =>
    cells
      .map((cell, index) => (index === 0 ? `${cell}`.padEnd(width) : `${cell}`.padStart(11)))
      .join('');
  const line = (tally: Tally) =>
    row([
      tally.file,
      tally.killed,
      tally.timedOut,
      tally.survived,
      tally.notCovered,
      `${scoreOf(tally).toFixed(1)} %`,
    ]);
  const head = row(['file', 'killed', 'timed out', 'survived', 'not covered', 'score']);
  return [head, ...tallies.map(line), line(tallyOf('all', judged))].join('\n');
}

/** Where each mutant was that no test noticed, and what it was. */
export function unnoticed(judged: readonly Judged[]): string {
  return judged
    .filter(({ fate }) => fate === 'survived' || fate === 'not covered')
    .map(({ mutant, fate }) => {
      const { file, line, column, kind, original, replacement } = mutant;
      return `${file}:${line}:${column}  ${kind}, ${fate}: ${short(original)}  ->  ${short(replacement)}`;
    })
    .join('\n');
}

function short(code: string): string {
  const line = code.replace(/\s+/g, ' ');
  return line.length > 70 ? `${line.slice(0, 67)}...` : line;
}
