import { parseArgs } from 'node:util';
import { describeMachine } from '../messaging/machine.js';
import { QTI_PEER_FOLDER, installPeers } from '../messaging/peers.js';
import { median, spreadOf } from '../messaging/statistics.js';
import { LOADS } from './items.js';
import type { Load } from './items.js';
import { PEER_NAME, Peer } from './peer.js';
import { keyOf, measure, ours, oursUnprepared } from './rounds.js';
import type { Seen } from './rounds.js';

export const SCORING_HELP = `npm run bench -- scoring [options]

Items scored a second on one core: simple ones (templates) and custom-processed ones (rules of their
own), with answers that are right, partly right, wrong and missing.

  --rounds N     rounds over all items, after one that warms up (default 7)
  --ms N         milliseconds for each item in each round (default 300)
  --no-peer      without the other engine

"kept" scores one item version again and again, as grading does; "new" reads the specification anew
for every answer. Beside them is qti3-item-player, installed on the first run: its response
processing alone, without rendering and collecting answers, in a document it is given. Nothing is asserted. Stop other work on the machine first.`;

const AIMS = { simple: 50_000, custom: 5_000 };

export async function benchScoring(args: string[]): Promise<void> {
  if (args.includes('--help')) {
    console.log(SCORING_HELP);
    return;
  }
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: 'string', default: '7' },
      ms: { type: 'string', default: '300' },
      'no-peer': { type: 'boolean', default: false },
    },
  });
  const [rounds, millisecondsEach] = [Number(values.rounds), Number(values.ms)];
  if (!Number.isInteger(rounds) || rounds < 1 || !(millisecondsEach >= 1)) {
    throw new Error('--rounds and --ms are numbers from 1.');
  }
  if (!values['no-peer']) installPeers(QTI_PEER_FOLDER, 'qti3-item-player');
  const peer = values['no-peer'] ? undefined : new Peer();
  console.log(`${describeMachine()}\n`);
  const contestants = { kept: ours, new: oursUnprepared };
  const seen = await measure(contestants, peer, LOADS, { rounds, millisecondsEach });
  await peer?.end();
  console.log(tableOf(seen));
  console.log(`\nitems/s, median (least to most) of ${rounds} rounds of ${millisecondsEach} ms`);
  console.log(`aims: ${AIMS.simple} simple and ${AIMS.custom} custom-processed items/s`);
  if (peer !== undefined) console.log(`peer: ${PEER_NAME}`);
}

function tableOf(seen: Seen): string {
  const columns = ['kept', 'new', 'peer'];
  const rows = LOADS.map((load) => {
    const cells = columns.map((column) => shown(seen.rates.get(keyOf(load, column))).padStart(28));
    const kind = load.isSimple ? 'simple' : 'custom';
    return `${load.name.padEnd(15)}${kind.padEnd(8)}${cells.join('')}${besidePeer(seen, load)}`;
  });
  const head = `${'item'.padEnd(23)}${columns.map((column) => column.padStart(28)).join('')}`;
  const about = LOADS.map(({ name, about }) => `  ${name.padEnd(15)}${about}`);
  return [`${head}   ratio`, ...rows, '', ...about].join('\n');
}

function besidePeer(seen: Seen, load: Load): string {
  const [kept, peer] = ['kept', 'peer'].map((name) => seen.rates.get(keyOf(load, name)));
  if (kept === undefined || peer === undefined) return '';
  const ratio = (median(kept) / median(peer)).toFixed(1);
  const different = seen.different.get(load.name) ?? 0;
  const remark =
    different === 0 ? '' : ` (other points for ${different} of ${load.answers.length})`;
  return `${ratio.padStart(8)}${remark}`;
}

function shown(rates: readonly number[] | undefined): string {
  if (rates === undefined) return '-';
  const spread = spreadOf(rates);
  const [middle, least, most] = [spread.median, spread.min, spread.max].map(Math.round);
  return `${middle} (${least} to ${most})`;
}
