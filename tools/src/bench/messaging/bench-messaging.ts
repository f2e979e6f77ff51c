import { writeFileSync } from 'node:fs';
import { BenchDatabase } from './bench-database.js';
import { type Contestant, contestantsOf, fewOf } from './contestants.js';
import { isDisturbed, type RunFigure } from './figures.js';
import { describeMachine } from './machine.js';
import { NOISY_ABOUT, runNoisy } from './noisy-run.js';
import { type BenchOptions, MESSAGING_HELP, messagingOptions } from './options.js';
import { makeOutboxTemplate } from './outbox-template.js';
import { installPeers } from './peers.js';
import { runQueue } from './queue-run.js';
import { runRelay } from './relay-run.js';
import { describeScenario } from './report.js';
import { ABOUT, needsDatabase, type QueueScenario, type Scenario } from './scenarios.js';
import { type BenchPostgres, startPostgres } from './servers.js';

interface Servers {
  postgres: BenchPostgres;
  database: BenchDatabase;
}

/** Measures our messaging beside others'; rejects when a message was lost or counted twice. */
export async function benchMessaging(args: string[]): Promise<void> {
  if (args.includes('--help')) {
    console.log(MESSAGING_HELP);
    return;
  }
  const options = messagingOptions(args);
  installPeers();
  console.log(describeMachine());
  const servers = options.scenarios.some(needsDatabase) ? await openServers() : undefined;
  const all: Partial<Record<Scenario, RunFigure[]>> = {};
  try {
    for (const scenario of options.scenarios) {
      console.log(`\n${scenario}: ${ABOUT[scenario]}`);
      if (scenario === 'noisy') console.log(NOISY_ABOUT);
      const runs = await runScenario(scenario, options, servers);
      all[scenario] = runs;
      console.log(`\n${describeScenario(scenario, runs)}`);
    }
  } finally {
    await servers?.database.close();
    await servers?.postgres.stop();
  }
  if (options.jsonFile !== undefined) {
    writeFileSync(options.jsonFile, `${JSON.stringify(all, null, 2)}\n`);
  }
  const faulty = Object.values(all).flatMap((runs) => runs.filter((run) => run.faults.length > 0));
  if (faulty.length > 0) {
    const names = [...new Set(faulty.map((run) => `${run.contestant} (${run.faults.join(', ')})`))];
    throw new Error(`what these did does not count: ${names.join('; ')}.`);
  }
}

async function openServers(): Promise<Servers> {
  const postgres = await startPostgres();
  return { postgres, database: await BenchDatabase.open(postgres) };
}

/** In turn, and in the other direction every other round: a drifting machine favours nobody. */
async function runScenario(
  scenario: Scenario,
  options: BenchOptions,
  servers: Servers | undefined,
): Promise<RunFigure[]> {
  const everybody = contestantsOf(scenario, options.contestant);
  const contestants = options.isQuick ? fewOf(scenario, everybody) : everybody;
  if (scenario === 'relay' && servers) {
    await makeOutboxTemplate(servers.database, options.messages);
  }
  const runs: RunFigure[] = [];
  for (let round = 1; round <= options.rounds; round += 1) {
    const order = round % 2 === 1 ? contestants : [...contestants].reverse();
    for (const contestant of order) {
      const run = await runOnce(scenario, contestant, { round, options, servers });
      runs.push(run);
      console.log(describeRun(run));
    }
  }
  return contestants.flatMap(({ name }) => runs.filter((run) => run.contestant === name));
}

interface Turn {
  round: number;
  options: BenchOptions;
  servers: Servers | undefined;
}

async function runOnce(scenario: Scenario, contestant: Contestant, turn: Turn): Promise<RunFigure> {
  const base = { contestant: contestant.name, role: contestant.role, round: turn.round };
  if (scenario === 'noisy') return { ...base, ...(await noisyFigure(contestant, turn)) };
  if (scenario === 'relay') return { ...base, ...(await relayFigure(contestant, turn)) };
  return { ...base, ...(await queueFigure(scenario, contestant, turn)) };
}

type Figure = Omit<RunFigure, 'contestant' | 'role' | 'round'>;

async function queueFigure(
  scenario: QueueScenario,
  contestant: Contestant,
  { options, servers }: Turn,
): Promise<Figure> {
  const isStored = needsDatabase(scenario);
  const database = isStored ? servers?.database : undefined;
  const postgresPid = isStored ? servers?.postgres.pid : undefined;
  const run = await runQueue(scenario, contestant, options, database, postgresPid);
  warn(contestant, run.written);
  const { perSecond: value, cpuMsPerMessage: cpuMs, messages, lost, duplicates, faults, use } = run;
  return { value, cpuMs, messages, lost, duplicates, faults, remarks: [], use };
}

async function relayFigure(contestant: Contestant, { options, servers }: Turn): Promise<Figure> {
  if (!servers) throw new Error('The relay needs a database.');
  const perSecond = contestant.entries.relay?.perSecond ?? 0;
  const events = Math.min(options.messages, Math.ceil(perSecond * options.seconds));
  const { database, postgres } = servers;
  const run = await runRelay(contestant, events, database, postgres.pid);
  warn(contestant, run.written);
  const disorder = run.outOfOrder > 0 ? [`${run.outOfOrder} out of order`] : [];
  // Others promise no order; ours does.
  const isOurs = contestant.role === 'ours';
  return {
    value: run.perSecond,
    cpuMs: run.cpuMsPerEvent,
    messages: events,
    lost: run.lost,
    duplicates: run.duplicates,
    faults: [...run.faults, ...(isOurs ? disorder : [])],
    remarks: isOurs ? [] : disorder,
    use: run.use,
  };
}

async function noisyFigure(contestant: Contestant, { options }: Turn): Promise<Figure> {
  const alone = await runNoisy(contestant, options.noisySeconds, false);
  const beside = await runNoisy(contestant, options.noisySeconds, true);
  warn(contestant, alone.written + beside.written);
  const lost = alone.lost + beside.lost;
  const messages = beside.quiet.count + beside.noisy.count;
  const isBehind = beside.backlog > 0;
  return {
    value: beside.quiet.p99,
    baseline: alone.quiet.p99,
    cpuMs: beside.cpuMsPerMessage,
    messages,
    lost,
    duplicates: alone.duplicates + beside.duplicates,
    faults: lost > 0 ? [`lost ${lost}`] : [],
    remarks: isBehind ? ['does not keep up: ages of what it handled'] : [],
    use: beside.use,
  };
}

function warn({ name }: Contestant, written: string): void {
  if (written.trim() !== '') console.error(`  ${name} wrote: ${written.trim().slice(0, 500)}`);
}

function describeRun(run: RunFigure): string {
  const { contestant, round, value, baseline, cpuMs, messages, duplicates, faults, use } = run;
  const cores = Object.entries(use.namedCores).filter(([, share]) => share > 0);
  return [
    `  ${round}  ${contestant.padEnd(28)} ${value.toFixed(0).padStart(6)}`,
    ...(baseline === undefined ? [] : [`alone ${baseline.toFixed(0)}`]),
    `${messages} messages, ${cpuMs.toFixed(3)} ms CPU each`,
    ...(duplicates > 0 ? [`${duplicates} twice`] : []),
    ...cores.map(([name, share]) => `${name} ${share.toFixed(2)}`),
    `others ${use.foreignCores?.toFixed(2) ?? '?'}${isDisturbed(run) ? ' (disturbed)' : ''}`,
    ...(faults.length > 0 ? [`DOES NOT COUNT: ${faults.join(', ')}`] : []),
  ].join('  ');
}
