import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MAX_HANDLER_SECONDS, VISIBILITY_SECONDS } from '../arena/arena.js';
import { pause } from '../arena/wait-until.js';
import type { Fault, FaultContext } from './fault.js';
import { journalOf, logged, now, seconds } from './measures.js';

const ARMED_MS = 20_000;
/** Of a shard of the outbox. */
const LEASE_MS = 15_000;
const SKEW_MS = 600_000;

export const slowConsumer: Fault = {
  name: 'slow-consumer',
  about: 'a handler takes longer than the visibility, then one longer than a handler may',
  async run({ arena }) {
    const lost = () => logged(arena, 'grading', 'A held message was lost');
    const rolledBack = () => logged(arena, 'grading', 'its work was rolled back');
    const sleep = async (ms: number) => {
      const before = { lost: lost(), rolledBack: rolledBack() };
      arena.failpoints.arm('grading', 'consumer.handling', `sleep ${ms}`);
      const fired = await arena.failpoints.fired('grading', 'consumer.handling', ARMED_MS);
      await pause(ms + 1500);
      return {
        fired,
        lost: lost() - before.lost,
        rolledBack: rolledBack() - before.rolledBack,
      };
    };
    const slow = await sleep((VISIBILITY_SECONDS + 1.5) * 1000);
    const tooSlow = await sleep((MAX_HANDLER_SECONDS + 3) * 1000);
    const kept = slow.fired && slow.lost === 0;
    const ended = tooSlow.fired && tooSlow.lost >= 1 && tooSlow.rolledBack >= 1;
    return {
      injected: { sleeps: Number(slow.fired) + Number(tooSlow.fired) },
      holds: kept && ended,
      saw:
        `slower than the visibility: ${slow.lost} lost; ` +
        `slower than permitted: ${tooSlow.lost} lost, ${tooSlow.rolledBack} rolled back`,
    };
  },
};

export const pausedProcess: Fault = {
  name: 'paused-process',
  about: 'grading is stopped for longer than its leases, beside a second one, and then goes on',
  async run({ arena }) {
    const end = await arena.processes.another('grading');
    const before = await tokens(arena.databases);
    const began = now();
    arena.processes.signal('grading', 'SIGSTOP');
    await pause(LEASE_MS + 2000);
    const taken = (await tokens(arena.databases)) - before;
    const scored = await arena.databases.count(
      'grading',
      'SELECT count(*) AS count FROM attempt_score WHERE first_scored_at >= $1::timestamptz',
      [began],
    );
    arena.processes.signal('grading', 'SIGCONT');
    await pause(3000);
    await end();
    return {
      injected: { stopped: 1 },
      holds: taken > 0 && scored > 0,
      saw: `${taken} shards taken over, ${scored} attempts scored by the other meanwhile`,
    };
  },
};

/** Grows by one with every change of owner of a shard. */
function tokens(databases: FaultContext['arena']['databases']): Promise<number> {
  return databases.count('grading', 'SELECT sum(token) AS count FROM outbox_shard');
}

export const clockSkew: Fault = {
  name: 'clock-skew',
  about: "grading's clock is set ten minutes wrong while it runs, and back",
  async run(context) {
    const { arena, windowMs, chance } = context;
    const skewMs = chance('direction') < 0.5 ? -SKEW_MS : SKEW_MS;
    const file = join(arena.layout.folder, 'clocks', 'grading');
    const refused = () => journalOf(context, 'grading').refused.SignatureDoesNotMatch ?? 0;
    const before = { tokens: await tokens(arena.databases), refused: refused() };
    const applied = () =>
      arena.databases.count('grading', 'SELECT count(*) AS count FROM attempt_score');
    const scoredBefore = await applied();
    writeFileSync(file, String(skewMs));
    await pause(windowMs);
    const scored = (await applied()) - scoredBefore;
    rmSync(file);
    await pause(1500);
    const taken = (await tokens(arena.databases)) - before.tokens;
    const times = refused() - before.refused;
    return {
      injected: { set: 2 },
      holds: scored > 0 && taken === 0 && times > 0,
      saw:
        `by ${seconds(skewMs)}: ${times} signatures refused and corrected, ` +
        `${scored} attempts scored meanwhile, ${taken} leases changed hands`,
    };
  },
};
