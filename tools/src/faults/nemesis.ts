import { CannotInject, type Fault, type FaultContext, type Finding } from './kinds/fault.js';
import { pause } from './arena/wait-until.js';
import { drawBetween, shuffled } from './seeded.js';

/** What became of one fault. */
export interface Injected {
  name: string;
  startedAt: string;
  seconds: number;
  injected: Record<string, number>;
  /** `skipped`: it cannot be injected here. */
  outcome: 'held' | 'broken' | 'skipped';
  saw: string;
  later?: Finding['later'];
}

/** Pause between two faults, in milliseconds. */
const PAUSES = [500, 2000] as const;

/** Injects the faults one after the other, in an order and at times the seed decides. */
export async function injectAll(
  faults: readonly Fault[],
  context: Omit<FaultContext, 'chance'>,
  told: (injected: Injected) => void,
): Promise<Injected[]> {
  const { seed, arena } = context;
  const all: Injected[] = [];
  for (const fault of shuffled(faults, seed, ({ name }) => name)) {
    await pause(drawBetween(...PAUSES, seed, 'pause', fault.name));
    const chance = (what: string) => drawBetween(0, 999_999, seed, fault.name, what) / 1_000_000;
    const injected = await injectOne(fault, { ...context, chance });
    if (!(await arena.recover())) {
      injected.outcome = 'broken';
      injected.saw += '; not every service got ready within a minute';
    }
    all.push(injected);
    told(injected);
  }
  return all;
}

async function injectOne(fault: Fault, context: FaultContext): Promise<Injected> {
  const startedAt = new Date();
  const since = () => (Date.now() - startedAt.getTime()) / 1000;
  const { name } = fault;
  const at = { name, startedAt: startedAt.toISOString() };
  try {
    const { injected, holds, saw, later } = await fault.run(context);
    const outcome = holds ? 'held' : 'broken';
    return { ...at, seconds: since(), injected, outcome, saw, ...(later && { later }) };
  } catch (error) {
    const outcome = error instanceof CannotInject ? 'skipped' : 'broken';
    const saw = error instanceof Error ? error.message : String(error);
    return { ...at, seconds: since(), injected: {}, outcome, saw };
  }
}

/** What can only be judged once everything is quiet. */
export async function judgeLater(all: Injected[]): Promise<void> {
  for (const one of all) {
    if (one.later === undefined) continue;
    const { holds, saw } = await one.later();
    one.saw += `; ${saw}`;
    if (!holds) one.outcome = 'broken';
  }
}
