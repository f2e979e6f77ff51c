import { VISIBILITY_SECONDS } from '../arena/arena.js';
import { pause, waitUntil } from '../arena/wait-until.js';
import type { Fault, FaultContext, Finding } from './fault.js';
import { journalOf, now, seconds } from './measures.js';

/** How long an armed failpoint may wait for somebody to pass. */
const ARMED_MS = 20_000;
/** A relay that was killed keeps its shards until their lease ends; then they are sent again. */
const LEASE_MS = 15_000;

export const killApiAfterCommit: Fault = {
  name: 'kill-api-after-commit',
  about: 'assignments dies after the COMMIT of a submission and before its answer, twice',
  async run({ arena, history }) {
    const began = now();
    let kills = 0;
    for (let round = 0; round < 2; round += 1) {
      const pid = arena.processes.pid('assignments');
      arena.failpoints.arm('assignments', 'submission.committed');
      if (await arena.failpoints.fired('assignments', 'submission.committed', ARMED_MS)) kills += 1;
      await arena.processes.isBack('assignments', pid);
    }
    const retried = () =>
      history
        .since(began)
        .filter(({ kind, outcome, tries }) => kind === 'submit' && outcome === 'ok' && tries[1]);
    const holds = await waitUntil(() => kills === 2 && retried().length > 0, 20_000);
    const saw = `${retried().length} submissions were accepted on a retry with their key`;
    return { injected: { kills }, holds, saw };
  },
};

export const killRelayAfterPublish: Fault = {
  name: 'kill-relay-after-publish',
  about: 'assignments dies after PublishBatch and before it has written down what was published',
  async run(context) {
    const { arena } = context;
    const before = journalOf(context, 'assignments').seen.publishedAgain;
    const pid = arena.processes.pid('assignments');
    arena.failpoints.arm('assignments', 'relay.published');
    const fired = await arena.failpoints.fired('assignments', 'relay.published', ARMED_MS);
    await arena.processes.isBack('assignments', pid);
    const again = () => journalOf(context, 'assignments').seen.publishedAgain - before;
    const holds = await waitUntil(() => again() > 0, LEASE_MS + 15_000);
    const saw = `${again()} events were published a second time`;
    return { injected: { kills: Number(fired) }, holds: fired && holds, saw };
  },
};

export const killConsumerMidBatch: Fault = {
  name: 'kill-consumer-mid-batch',
  about: 'grading dies after the COMMIT of the third event and before it was deleted',
  async run(context) {
    const { arena } = context;
    const before = journalOf(context, 'grading').seen.receivedAgain;
    const pid = arena.processes.pid('grading');
    arena.failpoints.arm('grading', 'consumer.committed', 'kill 3');
    const fired = await arena.failpoints.fired('grading', 'consumer.committed', ARMED_MS);
    await waitUntil(() => !arena.processes.isAlive(pid), 5000);
    const visibleAt = performance.now() + VISIBILITY_SECONDS * 1000;
    await arena.processes.isBack('grading', pid);
    // What was hidden is due once it is visible and there is somebody again to take it.
    const dueAt = Math.max(visibleAt, performance.now());
    const again = () => journalOf(context, 'grading').seen.receivedAgain - before;
    const came = await waitUntil(() => again() > 0, 30_000);
    const lateMs = Math.max(0, performance.now() - dueAt);
    const saw = `${again()} messages came again, ${seconds(lateMs)} after the first could`;
    return { injected: { kills: Number(fired) }, holds: fired && came && lateMs <= 5000, saw };
  },
};

export const sigtermUnderLoad: Fault = {
  name: 'sigterm-under-load',
  about: 'SIGTERM twice to grading, gradebook and assignments, one after the other',
  async run(context) {
    const { arena } = context;
    const services = ['grading', 'gradebook', 'assignments'] as const;
    // What an earlier fault left hidden is not ours to count.
    await pause(VISIBILITY_SECONDS * 1000 + 1000);
    const began = now();
    const redeliveredBefore = redelivered(context);
    const took: number[] = [];
    for (const service of services) {
      const pid = arena.processes.signal(service, 'SIGTERM');
      const at = performance.now();
      await pause(300);
      if (arena.processes.isAlive(pid)) process.kill(pid, 'SIGTERM');
      await waitUntil(() => !arena.processes.isAlive(pid), 40_000, 20);
      took.push(performance.now() - at);
      await arena.processes.isBack(service, pid);
    }
    await pause(VISIBILITY_SECONDS * 1000 + 1000);
    // A message that comes again is either applied at that receive, or it was finished before.
    const finished =
      redelivered(context) - redeliveredBefore - (await appliedAgain(context, began));
    return {
      injected: { sigterm: services.length * 2 },
      holds: Math.max(...took) <= 25_000 && finished <= 0,
      saw:
        `ended in ${took.map(seconds).join(', ')}; ` +
        `${Math.max(0, finished)} finished messages came again`,
    };
  },
};

function redelivered(context: FaultContext): number {
  return (['grading', 'gradebook'] as const)
    .map((service) => journalOf(context, service).seen.receivedAgain)
    .reduce((sum, count) => sum + count, 0);
}

/** Receives beyond the first of the events that were applied since. */
async function appliedAgain({ arena }: FaultContext, from: string): Promise<number> {
  let sum = 0;
  for (const service of ['grading', 'gradebook']) {
    sum += await arena.databases.count(
      service,
      `SELECT coalesce(sum(receive_count - 1), 0) AS count FROM inbox
        WHERE processed_at >= $1::timestamptz`,
      [from],
    );
  }
  return sum;
}

export const deployMixedVersions: Fault = {
  name: 'deploy-mixed-versions',
  about: 'grading, gradebook and assignments are replaced under load, old and new side by side',
  async run({ arena, previous }): Promise<Finding> {
    const services = ['grading', 'gradebook', 'assignments'] as const;
    let replaced = 0;
    for (const service of services) {
      const end = await arena.processes.another(service, previous);
      await pause(1500);
      const pid = arena.processes.signal(service, 'SIGTERM');
      if (await arena.processes.isBack(service, pid, 45_000)) replaced += 1;
      await pause(500);
      await end();
    }
    const build = previous === undefined ? 'the present build twice' : 'the build of --previous';
    return {
      injected: { replaced },
      holds: replaced === services.length,
      saw: `${replaced} services replaced, with ${build} beside the present one`,
    };
  },
};
