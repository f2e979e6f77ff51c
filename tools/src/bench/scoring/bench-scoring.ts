import { parseArgs } from 'node:util';
import { describeMachine } from '../messaging/machine.js';
import type { Spread } from '../messaging/statistics.js';
import { LOADS } from './items.js';
import { measure, ours, oursUnprepared } from './rounds.js';

export const SCORING_HELP = `npm run bench -- scoring [options]

Items scored a second on one core: simple ones (templates) and custom-processed ones (rules of their
own), with answers that are right, partly right, wrong and missing.

  --rounds N     rounds over all items, after one that warms up (default 7)
  --ms N         milliseconds for each item in each round (default 300)

"kept" scores one item version again and again, as grading does; "new" reads the specification anew
for every answer. Nothing is asserted. Stop other work on the machine first.`;

const AIMS = { simple: 50_000, custom: 5_000 };

export async function benchScoring(args: string[]): Promise<void> {
  if (args.includes('--help')) {
    console.log(SCORING_HELP);
    return;
  }
  const { values } = parseArgs({
    args,
    options: { rounds: { type: 'string', default: '7' }, ms: { type: 'string', default: '300' } },
  });
  const [rounds, millisecondsEach] = [Number(values.rounds), Number(values.ms)];
  if (!Number.isInteger(rounds) || rounds < 1 || !(millisecondsEach >= 1)) {
    throw new Error('--rounds and --ms are numbers from 1.');
  }
  console.log(`${describeMachine()}\n`);
  const spreads = measure({ kept: ours, new: oursUnprepared }, LOADS, { rounds, millisecondsEach });
  console.log(tableOf(spreads));
  console.log(`\nitems/s, median (least to most) of ${rounds} rounds of ${millisecondsEach} ms`);
  console.log(`aims: ${AIMS.simple} simple and ${AIMS.custom} custom-processed items/s`);
}

function tableOf(spreads: ReadonlyMap<string, Spread>): string {
  const rows = LOADS.map(({ name, isSimple, about }) => {
    const cells = ['kept', 'new'].map((contestant) => shown(spreads.get(`${name}/${contestant}`)));
    const kind = isSimple ? 'simple' : 'custom';
    return `${name.padEnd(15)}${kind.padEnd(8)}${cells.map((cell) => cell.padStart(30)).join('')}  ${about}`;
  });
  const head = `${'item'.padEnd(23)}${'kept'.padStart(30)}${'new'.padStart(30)}`;
  return [head, ...rows].join('\n');
}

function shown(spread: Spread | undefined): string {
  if (spread === undefined) return '-';
  const [median, min, max] = [spread.median, spread.min, spread.max].map((rate) =>
    Math.round(rate),
  );
  return `${median} (${min} to ${max})`;
}
