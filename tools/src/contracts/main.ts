import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EVENTS } from '@parlance/events';
import {
  planRegistration,
  readRegistry,
  RegistryBroken,
  retire,
  writeRegistry,
} from '@parlance/events/contracts';
import { ROOT } from '../start/layout.js';
import { ASYNCAPI_FILE, checkContracts, currentDocument } from './check.js';

const HELP = `npm run contracts -- [command]

Keeps what events promise: libs/events/registry holds every version that was ever published.

  check           (default) compares events, registry, handlers, queues and docs/asyncapi
  register        registers what is new about the events, with the samples that wait for it in
                  libs/events/registry/<type>/samples.json
  asyncapi        writes docs/asyncapi/parlance.json
  retire <type>   notes that no message of a type is left, so that the code may be without it
  --help          this text

Exits 0 when all is well, 1 when something is wrong or refused, 2 for wrong arguments. How to change
an event: docs/runbooks/contracts.md`;

const COMMANDS: Record<string, (args: string[]) => number> = {
  check: (args) => (args.length === 0 ? check() : misused()),
  register: (args) => (args.length === 0 ? register() : misused()),
  asyncapi: (args) => (args.length === 0 ? asyncapi() : misused()),
  retire: ([type, ...more]) => (type && more.length === 0 ? retireType(type) : misused()),
};

const [name = 'check', ...args] = process.argv.slice(2);
process.exitCode = run(name, args);

function run(command: string, rest: string[]): number {
  if ([command, ...rest].includes('--help')) {
    console.log(HELP);
    return 0;
  }
  if (!Object.hasOwn(COMMANDS, command)) return misused();
  try {
    return COMMANDS[command]?.(rest) ?? 1;
  } catch (error) {
    if (!(error instanceof RegistryBroken)) throw error;
    console.error(`contracts: ${error.message}`);
    return 1;
  }
}

function misused(): number {
  console.error(HELP);
  return 2;
}

function check(): number {
  const { faults, notes, counts } = checkContracts(ROOT);
  for (const note of notes) console.error(`contracts: NOT CHECKED: ${note}`);
  for (const fault of faults) console.error(`contracts: ${fault}`);
  const { events, versions, samples } = counts;
  console.log(
    `contracts: ${events} events, ${versions} registered versions, ${samples} samples, ` +
      `${faults.length} faults`,
  );
  return faults.length === 0 ? 0 : 1;
}

function register(): number {
  const plan = planRegistration(readRegistry(), EVENTS);
  if (plan.refusals.length > 0) {
    for (const refusal of plan.refusals) console.error(`contracts: ${refusal}`);
    console.error('contracts: nothing was registered.');
    return 1;
  }
  if (plan.files.length === 0) {
    console.log('contracts: every event is registered as it is.');
    return 0;
  }
  writeRegistry(plan);
  for (const { path } of plan.files) console.log(`registered: libs/events/registry/${path}`);
  return asyncapi();
}

function asyncapi(): number {
  const file = join(ROOT, ASYNCAPI_FILE);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, currentDocument(readRegistry()));
  console.log(`written: ${ASYNCAPI_FILE}`);
  return 0;
}

function retireType(type: string): number {
  try {
    writeRegistry(retire(readRegistry(), EVENTS, type));
    console.log(`retired: ${type}`);
    return 0;
  } catch (error) {
    console.error(`contracts: ${(error as Error).message}`);
    return 1;
  }
}
