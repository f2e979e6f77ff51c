import { cpus, loadavg, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { benchAutosave } from './autosave.js';
import { benchGrowth } from './growth.js';
import { benchRescoring } from './rescoring.js';

const HELP = `npm run bench -- submissions [options]

Starts a platform of its own, or the servers it needs, on this machine and measures:
  autosave   how long saving an answer takes while --learners of them each save one every 3 s
  rescoring  a campaign over --attempts while others are handed in
  growth     what a submission costs with few and with many responses stored before it

  --only NAME       autosave, rescoring or growth alone
  --learners N      who answer at once (default 200)
  --seconds N       how long a round of autosave lasts (default 30)
  --rounds N        rounds of autosave (default 3)
  --attempts N      finished attempts for rescoring (default 100000)
  --items N         items of such an attempt (default 20)
  --rate N          submissions a second meanwhile (default 20)
  --responses LIST  stored responses for growth, ascending (default 10000,10000000)
  --help            this text`;

export interface SubmissionsOptions {
  learners: number;
  seconds: number;
  rounds: number;
  attempts: number;
  items: number;
  rate: number;
  responses: number[];
}

export async function benchSubmissions(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string' },
      learners: { type: 'string', default: '200' },
      seconds: { type: 'string', default: '30' },
      rounds: { type: 'string', default: '3' },
      attempts: { type: 'string', default: '100000' },
      items: { type: 'string', default: '20' },
      rate: { type: 'string', default: '20' },
      responses: { type: 'string', default: '10000,10000000' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return void console.log(HELP);
  const options: SubmissionsOptions = {
    learners: count('--learners', values.learners),
    seconds: count('--seconds', values.seconds),
    rounds: count('--rounds', values.rounds),
    attempts: count('--attempts', values.attempts),
    items: count('--items', values.items),
    rate: count('--rate', values.rate),
    responses: values.responses.split(',').map((one) => count('--responses', one)),
  };
  const parts = { autosave: benchAutosave, rescoring: benchRescoring, growth: benchGrowth };
  const { only } = values;
  if (only !== undefined && !Object.hasOwn(parts, only)) {
    throw new Error(`--only takes ${Object.keys(parts).join(' or ')}.`);
  }
  const memory = Math.round(totalmem() / 2 ** 30);
  console.log(`${cpus().length} cores, ${memory} GB, load before ${loadavg()[0]?.toFixed(2)}`);
  for (const [name, bench] of Object.entries(parts)) {
    if (only === undefined || only === name) await bench(options);
  }
}

function count(name: string, text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 1) return number;
  throw new Error(`${name} takes whole numbers from 1.`);
}
