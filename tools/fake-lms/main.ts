import { parseArgs } from 'node:util';
import { isDialectName, startFakeLms } from './fake-lms.js';

const help = `An LTI 1.3 platform for tests and demonstrations, on loopback only.

  node tools/dist/fake-lms/main.js [options]

  --port <number>     port to listen on; 0, the default, takes any free one
  --dialect <name>    strict (default), moodle or canvas
  --control           open the JSON endpoints under /_control
  --help              show this text

One line of JSON with the platform's addresses is printed once it listens.
GET /_control lists what can be ordered.
`;

await run();

async function run(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      dialect: { type: 'string', default: 'strict' },
      control: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  const { dialect } = values;
  const port = Number(values.port);
  if (!isDialectName(dialect) || !Number.isInteger(port) || port < 0 || port > 65_535) {
    process.stderr.write(help);
    process.exitCode = 2;
    return;
  }
  const lms = await startFakeLms({ port, dialect, control: values.control });
  const { issuer, authUrl, tokenUrl, jwksUrl } = lms;
  process.stdout.write(`${JSON.stringify({ issuer, authUrl, tokenUrl, jwksUrl, dialect })}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void lms.close());
  }
}
