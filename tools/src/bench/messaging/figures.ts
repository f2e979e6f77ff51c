import type { Role } from './contestants.js';
import { FOREIGN_LIMIT_CORES, type MachineUse } from './machine.js';

/** One run of one contestant, whatever the scenario. */
export interface RunFigure {
  contestant: string;
  role: Role;
  round: number;
  /** Per second, or milliseconds where age is what counts. */
  value: number;
  /** The same thing without the flood, where there is one. */
  baseline?: number;
  cpuMs: number;
  messages: number;
  lost: number;
  duplicates: number;
  /** Why it does not count. */
  faults: string[];
  /** What is worth knowing and no fault. */
  remarks: string[];
  use: MachineUse;
}

export function isDisturbed({ use }: RunFigure): boolean {
  return (use.foreignCores ?? 0) > FOREIGN_LIMIT_CORES;
}

/** Undisturbed runs as long as there are any; a busy machine still gives a figure, marked. */
export function counted(runs: readonly RunFigure[]): RunFigure[] {
  const sound = runs.filter(({ faults }) => faults.length === 0);
  const quiet = sound.filter((run) => !isDisturbed(run));
  return quiet.length > 0 ? quiet : sound;
}
