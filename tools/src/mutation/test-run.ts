import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import { expect } from 'expect';
import fc from 'fast-check';
import { bind } from 'jest-each';
import { SWITCH } from './instrument.js';

/**
 * Runs compiled specs in a process of its own, without Jest: what they use of it is `test`, `describe`
 * and `expect`. Every run loads the library and its specs anew, so that nothing an earlier mutant
 * left in a cache is there; packages stay loaded. A process whose mutant loops for ever is ended.
 */
export interface RunOrder {
  files: string[];
  /** The mutant that is switched on; 0 for none, which measures instead. */
  mutant: number;
  /** Tests to run by name, in this order, up to the first that fails; all when left out. */
  tests?: string[];
}

export interface TestRecord {
  name: string;
  milliseconds: number;
  failure: string | null;
  /** Mutants whose place was reached. */
  reached: number[];
}

export interface RunResult {
  /** Places reached while the files were loaded. */
  reachedAtStart: number[];
  tests: TestRecord[];
}

type Body = () => unknown;

interface Collected {
  name: string;
  body: Body;
}

let collected: Collected[] = [];
let names: string[] = [];

function describe(name: string, body: Body): void {
  const outer = names;
  names = [...names, name];
  body();
  names = outer;
}

function test(name: string, body: Body): void {
  collected.push({ name: [...names, name].join(' > '), body });
}

/** fast-check puts the example first and what went wrong with it into the cause. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.cause.message}\n${error.message}` : error.message;
}

async function runOne({ name, body }: Collected, reached: () => number[]): Promise<TestRecord> {
  const began = performance.now();
  let failure: string | null = null;
  try {
    await body();
  } catch (error) {
    failure = wordsOf(error);
  }
  return { name, milliseconds: performance.now() - began, failure, reached: reached() };
}

async function run({ files, mutant, tests }: RunOrder): Promise<RunResult> {
  let seen = new Set<number>();
  const takeSeen = () => {
    const all = [...seen];
    seen = new Set();
    return all;
  };
  const isSwitchedOn = mutant === 0 ? (id: number) => !seen.add(id) : (id: number) => id === mutant;
  const each = (call: unknown) => ({ each: bind(call as never) });
  Object.assign(globalThis, {
    [SWITCH]: isSwitchedOn,
    expect,
    describe: Object.assign(describe, each(describe)),
    test: Object.assign(test, each(test)),
    it: Object.assign(test, each(test)),
  });
  // The same examples every time, and no smaller one looked for once one has failed.
  fc.configureGlobal({ seed: 20_240_229, endOnFailure: true });
  collected = [];
  runNumber += 1;
  for (const file of files) {
    names = [file];
    await import(pathToFileURL(file).href);
  }
  const result: RunResult = { reachedAtStart: takeSeen(), tests: [] };
  const byName = new Map(collected.map((one) => [one.name, one]));
  const chosen = tests === undefined ? collected : tests.flatMap((name) => byName.get(name) ?? []);
  for (const one of chosen) {
    const record = await runOne(one, takeSeen);
    result.tests.push(record);
    if (mutant !== 0 && record.failure !== null) break;
  }
  return result;
}

let runNumber = 0;

/** Gives every module within a folder another address in every run: to Node, another module. */
function loadAnew(folder: string): void {
  const home = pathToFileURL(folder).href;
  registerHooks({
    resolve(specifier, context, next) {
      const found = next(specifier, context);
      return found.url.startsWith(home)
        ? { ...found, url: `${found.url}?run=${runNumber}` }
        : found;
    },
  });
}

const [, , folder] = process.argv;
if (process.send !== undefined && folder !== undefined) {
  loadAnew(folder);
  const failed = (error: unknown): RunResult => {
    const failure = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const record = { name: 'loading', milliseconds: 0, failure, reached: [] };
    return { reachedAtStart: [], tests: [record] };
  };
  process.on('message', (order: RunOrder) => {
    void run(order)
      .catch(failed)
      .then((result) => process.send?.(result));
  });
}
