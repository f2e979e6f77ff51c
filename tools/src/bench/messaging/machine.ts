import { readdirSync, readFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';

/** What the machine had done up to a moment, in seconds of CPU time. */
export interface Snapshot {
  atMs: number;
  busy: number;
  ours: number;
  /** Of processes that were asked about, by name. */
  named: Record<string, number>;
}

export interface MachineUse {
  /** Cores' worth of work of others while it was measured; undefined where /proc is missing. */
  foreignCores: number | undefined;
  /** Cores' worth of work of the processes asked about, each with its children. */
  namedCores: Record<string, number>;
}

/** Linux counts in hundredths of a second, whatever its clock. */
const TICKS_PER_SECOND = 100;

/** More than this of others' work spoils a figure. */
export const FOREIGN_LIMIT_CORES = 0.3;

export function describeMachine(): string {
  const load = loadavg().map((value) => value.toFixed(2));
  const memoryGb = Math.round(totalmem() / 2 ** 30);
  const model = cpus()[0]?.model ?? 'unknown';
  return `${cpus().length} cores (${model}), ${memoryGb} GB, load ${load.join(' ')}, Node ${process.version}`;
}

/** Undefined where there is no /proc to read. */
export function snapshot(named: Record<string, number | undefined>): Snapshot | undefined {
  try {
    const processes = readProcesses();
    return {
      atMs: performance.now(),
      busy: busySeconds(),
      ours: treeSeconds(processes, process.pid),
      named: Object.fromEntries(
        Object.entries(named).map(([name, pid]) => [
          name,
          pid === undefined ? 0 : treeSeconds(processes, pid),
        ]),
      ),
    };
  } catch {
    return undefined;
  }
}

export function useBetween(from: Snapshot | undefined, to: Snapshot | undefined): MachineUse {
  if (!from || !to) return { foreignCores: undefined, namedCores: {} };
  const seconds = (to.atMs - from.atMs) / 1000;
  const foreign = to.busy - from.busy - (to.ours - from.ours);
  const namedCores = Object.fromEntries(
    Object.entries(to.named).map(([name, value]) => [
      name,
      (value - (from.named[name] ?? 0)) / seconds,
    ]),
  );
  return { foreignCores: Math.max(0, foreign) / seconds, namedCores };
}

/** What was done for somebody: neither idle nor waiting for a disk; stolen time counts. */
function busySeconds(): number {
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = line
    .trim()
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + softirq + steal) / TICKS_PER_SECOND;
}

interface ProcessTimes {
  parent: number;
  /** Of itself and of those of its children that have ended. */
  seconds: number;
}

function readProcesses(): Map<number, ProcessTimes> {
  const all = new Map<number, ProcessTimes>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const times = readTimes(name);
    if (times) all.set(Number(name), times);
  }
  return all;
}

function readTimes(pid: string): ProcessTimes | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    // It ended while we were looking.
    return undefined;
  }
  // The name before the last parenthesis may hold anything; what follows begins with the state.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.slice(11, 15).reduce((sum, value) => sum + Number(value), 0);
  return { parent: Number(fields[1]), seconds: ticks / TICKS_PER_SECOND };
}

function treeSeconds(processes: Map<number, ProcessTimes>, root: number): number {
  let seconds = 0;
  for (const [pid, own] of processes) {
    if (isBelow(processes, pid, root)) seconds += own.seconds;
  }
  return seconds;
}

function isBelow(processes: Map<number, ProcessTimes>, pid: number, root: number): boolean {
  for (let at: number | undefined = pid; at; at = processes.get(at)?.parent) {
    if (at === root) return true;
  }
  return false;
}
