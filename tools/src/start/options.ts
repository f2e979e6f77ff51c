import { parseArgs } from 'node:util';
import { resolve } from 'node:path';
import { DEFAULT_PORT, defaultFolder, PROCESSES } from './layout.js';

export interface StartOptions {
  fresh: boolean;
  port: number;
  folder: string;
}

const HELP = `npm start -- [options]

Starts the whole platform on this machine and keeps it running until Ctrl-C.

  --port N      first port; the gateway gets it, the others the ones after (default ${DEFAULT_PORT})
  --data DIR    where data, logs and secrets are kept (default .parlance)
  --fresh       throw the data away first
  --help        this text

Variables: DATABASE_URL (an administrator of an external PostgreSQL), AWS_ENDPOINT_URL (LocalStack
or another emulator) or AWS_REGION with credentials (AWS itself) replace the embedded servers.

Next: npm run demo`;

/** The options of a command that starts or finds the platform; prints help or faults and exits. */
export function startOptions(args: string[]): StartOptions {
  try {
    const { values } = parseArgs({
      args,
      options: {
        fresh: { type: 'boolean', default: false },
        port: { type: 'string', default: process.env.PARLANCE_PORT ?? String(DEFAULT_PORT) },
        data: { type: 'string', default: process.env.PARLANCE_DATA ?? defaultFolder() },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      console.log(HELP);
      process.exit(0);
    }
    return { fresh: values.fresh, port: firstPort(values.port), folder: resolve(values.data) };
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${HELP}`);
    process.exit(2);
  }
}

/** Throws unless all ports counted from it exist. */
export function firstPort(text: string): number {
  const port = Number(text);
  const last = 65_535 - PROCESSES.length - 2;
  if (!Number.isInteger(port) || port < 1 || port > last) {
    throw new Error(`--port must be a whole number from 1 to ${last}.`);
  }
  return port;
}
