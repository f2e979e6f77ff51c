import { HELP, isChosen, mutationOptions } from './options.js';
import { scoreOf, table, tallyOf, unnoticed } from './report.js';
import type { Judged } from './report.js';
import { fateOf, measure } from './run-mutants.js';
import { TestProcess } from './test-process.js';
import { prepare, removeFolder } from './work-folder.js';
import type { Prepared } from './work-folder.js';

const args = process.argv.slice(2);
if (args.includes('--help')) {
  console.log(HELP);
  process.exit(0);
}

async function judgeAll({ folder, specs, mutants }: Prepared, workers: number): Promise<Judged[]> {
  const processes = Array.from({ length: workers }, () => new TestProcess(folder));
  const [first = new TestProcess(folder)] = processes;
  const baseline = await measure(first, specs);
  console.error(`mutation: ${mutants.length} mutants, ${baseline.tests.length} tests`);
  const judged: Judged[] = [];
  const left = mutants.values();
  let saidAt = 0;
  const work = async (one: TestProcess) => {
    for (const mutant of left) {
      judged.push({ mutant, fate: await fateOf(one, mutant, baseline) });
      if (Date.now() - saidAt < 5000) continue;
      saidAt = Date.now();
      const alive = judged.filter(({ fate }) => fate === 'survived' || fate === 'not covered');
      console.error(`mutation: ${judged.length}/${mutants.length}, ${alive.length} not noticed`);
    }
  };
  await Promise.all(processes.map(work));
  // Had something else broken the tests meanwhile, every mutant after it would count as noticed.
  await measure(first, specs);
  for (const one of processes) one.end();
  return judged.sort((a, b) => a.mutant.id - b.mutant.id);
}

let code = 2;
let folder: string | undefined;
try {
  const options = mutationOptions(args);
  const began = Date.now();
  const made = prepare((path) => isChosen(path, options));
  const sampled = made.mutants.filter(({ id }) => id % options.sample === 0);
  const prepared = { ...made, mutants: sampled };
  folder = prepared.folder;
  if (prepared.mutants.length === 0) throw new Error('No file was chosen that could be changed.');
  const judged = await judgeAll(prepared, options.workers);
  const score = scoreOf(tallyOf('all', judged));
  console.log(`${unnoticed(judged)}\n\n${table(judged)}\n`);
  const minutes = ((Date.now() - began) / 60_000).toFixed(1);
  console.log(
    `mutation score ${score.toFixed(1)} % (at least ${options.threshold}), ${minutes} min`,
  );
  code = score >= options.threshold ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? `mutation: ${error.message}` : error);
} finally {
  if (folder !== undefined) removeFolder(folder);
}
process.exit(code);
