import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultFolder } from '../start/layout.js';

export interface TraceOptions {
  id: string;
  json: boolean;
  /** Undefined: found through the run file of the platform. */
  url: string | undefined;
  folder: string;
}

const HELP = `npm run trace -- <request id | submission id> [options]

Prints the way of one request over all services as a tree: HTTP, transactions, events with their
deliveries, logs, and the rows that came of it. A request id is the x-request-id of an answer; the
id of a submission (attempt), another record or an event does as well.

  --json        the whole view as JSON instead
  --url URL     on-call of another installation; give its secret as OPERATOR_SECRET
  --data DIR    data folder of the running platform (default .parlance)
  --help        this text

Exits 0 when it was found, 1 when nobody knows the id, 2 for wrong arguments, 3 when nothing runs or
on-call does not answer.`;

/** Prints help or faults and exits. */
export function traceOptions(args: string[]): TraceOptions {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        url: { type: 'string' },
        data: { type: 'string', default: process.env.PARLANCE_DATA ?? defaultFolder() },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      console.log(HELP);
      process.exit(0);
    }
    const [id, ...more] = positionals;
    if (id === undefined || more.length > 0) throw new Error('Give one request or submission id.');
    if (values.url !== undefined && !/^https?:$/.test(protocolOf(values.url))) {
      throw new Error('--url must be an http or https address.');
    }
    return { id: id.trim(), json: values.json, url: values.url, folder: resolve(values.data) };
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${HELP}`);
    process.exit(2);
  }
}

function protocolOf(url: string): string {
  return URL.canParse(url) ? new URL(url).protocol : '';
}
