import type { Mutant } from './instrument.js';
import type { TestRecord } from './test-run.js';
import type { TestProcess } from './test-process.js';

export type Fate = 'killed' | 'timed out' | 'survived' | 'not covered';

/** What the tests do without any mutant. */
export interface Baseline {
  tests: TestRecord[];
  /** Places reached while files were loaded: any test may notice those. */
  reachedAtStart: ReadonlySet<number>;
}

/** Room for loading on a busy machine, before a test's own time is multiplied. */
const LEAST_TIMEOUT_MS = 15_000;
const TIMEOUT_FACTOR = 20;

/** @throws Error when a test fails though nothing was changed. */
export async function measure(process: TestProcess, files: string[]): Promise<Baseline> {
  const result = await process.run({ files, mutant: 0 }, 10 * 60_000);
  if (result === null) throw new Error('The tests did not end in ten minutes.');
  const failed = result.tests.find((one) => one.failure !== null);
  if (failed) throw new Error(`A test fails without any mutant: ${failed.name}\n${failed.failure}`);
  return { tests: result.tests, reachedAtStart: new Set(result.reachedAtStart) };
}

/** Runs the tests that reach a mutant's place, likeliest first, until one fails. */
export async function fateOf(
  process: TestProcess,
  mutant: Mutant,
  baseline: Baseline,
): Promise<Fate> {
  const any = baseline.reachedAtStart.has(mutant.id);
  const tests = baseline.tests.filter((one) => any || one.reached.includes(mutant.id));
  if (tests.length === 0) return 'not covered';
  const stem = mutant.file.replace(/^.*\//, '').replace(/\.ts$/, '');
  const isOwn = ({ name }: TestRecord) => (name.includes(`/${stem}.spec.`) ? 0 : 1);
  const ordered = tests.toSorted((a, b) => isOwn(a) - isOwn(b) || a.milliseconds - b.milliseconds);
  const files = [...new Set(ordered.map(({ name }) => name.split(' > ')[0] as string))];
  const expected = tests.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const order = { files, mutant: mutant.id, tests: ordered.map(({ name }) => name) };
  const result = await process.run(order, LEAST_TIMEOUT_MS + TIMEOUT_FACTOR * expected);
  if (result === null) return 'timed out';
  return result.tests.some((one) => one.failure !== null) ? 'killed' : 'survived';
}
