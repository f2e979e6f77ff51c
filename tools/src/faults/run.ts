import { join } from 'node:path';
import { Arena } from './arena/arena.js';
import { quiesce } from './arena/quiet.js';
import { waitUntil } from './arena/wait-until.js';
import { check } from './check/check.js';
import type { LetterFact, PlantedFact } from './check/facts.js';
import { readFacts, readLetters } from './check/read-facts.js';
import { smallDiskOf, unmount } from './kinds/disk-full.js';
import { FAULTS } from './kinds/index.js';
import { History } from './load/history.js';
import { Load } from './load/load.js';
import { School } from './load/school.js';
import { injectAll, judgeLater } from './nemesis.js';
import type { FaultOptions } from './options.js';
import { faultLine, type Result } from './report.js';

type Say = (text: string) => void;

const CLIENTS = 12;
/** Attempts begun per second: enough that every fault meets some, not more than two cores do. */
const RATE = [8, 40] as const;
/** Longest until everything has come to rest after the last fault. */
const QUIET_MS = 240_000;

/** The whole run on a platform of its own, which is stopped in any case. */
export async function runFaults(options: FaultOptions, folder: string, say: Say): Promise<Result> {
  const { seed, port, inboxOff } = options;
  say('starting a platform of its own');
  const arena = await Arena.start({ folder, port, seed, inboxOff });
  // Ended by hand in the middle, nothing may go on running or stay mounted.
  const end = () => {
    unmount(smallDiskOf(arena));
    void arena.stop().finally(() => process.exit(130));
  };
  process.once('SIGINT', end).once('SIGTERM', end);
  const history = new History(join(folder, 'history.jsonl'));
  try {
    return await drive(arena, history, options, say);
  } finally {
    say('stopping');
    await history.close();
    await arena.stop();
    process.off('SIGINT', end).off('SIGTERM', end);
  }
}

async function drive(
  arena: Arena,
  history: History,
  options: FaultOptions,
  say: Say,
): Promise<Result> {
  const { seed, minutes, submissions, previous } = options;
  const faults = FAULTS.filter(({ name }) => options.faults.includes(name));
  const { operatorSecret } = arena.platform.secrets;
  const learners = Math.min(120, Math.max(16, Math.ceil(submissions / 40)));
  const found = (slug: string, count: number) =>
    School.found(arena.api, { slug, learners: count, assignments: 5, operatorSecret });
  const school = await found('loud', learners);
  const quiet = await found('quiet', 6);
  const perSecond = Math.min(RATE[1], Math.max(RATE[0], submissions / (minutes * 60)));
  const load = new Load({ api: arena.api, history, school, seed, perSecond, clients: CLIENTS });
  say(`${learners} learners begin, ${perSecond.toFixed(0)} attempts/s; ${faults.length} faults`);
  await waitUntil(() => history.submissions() >= Math.min(20, submissions), 60_000);
  const planted: PlantedFact[] = [];
  const windowMs = Math.min(20_000, Math.max(4000, (minutes * 60_000) / faults.length / 2));
  const plant = (message: PlantedFact) => void planted.push(message);
  const kept: LetterFact[] = [];
  const keepLetters = async () => void kept.push(...(await readLetters(arena)));
  const schools = { school, quiet };
  const common = { arena, history, load, seed, windowMs, previous };
  const context = { ...common, ...schools, plant, keepLetters };
  const injected = await injectAll(faults, context, (one) => say(faultLine(one)));
  say(`${history.submissions()} submissions so far; calm from here on`);
  await waitUntil(() => history.submissions() >= submissions, submissions * 250, 200);
  await load.end();
  say(`${history.submissions()} submissions accepted; waiting for quiet`);
  const unrest = await quiesce(arena, QUIET_MS).then(
    () => undefined,
    (error: Error) => error.message,
  );
  await judgeLater(injected);
  const facts = await readFacts(arena, [school, quiet], history.operations, planted, kept);
  say(
    `checking ${facts.operations.length} operations, ${facts.events.length} events, ` +
      `${facts.applications.length} applications, ${facts.cells.length} cells`,
  );
  for (const one of injected) say(faultLine(one));
  return {
    faults: injected,
    statuses: history.statuses(),
    violations: check(facts),
    submissions: history.submissions(),
    unrest,
  };
}
