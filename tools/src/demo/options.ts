import { parseArgs } from 'node:util';

export interface DemoOptions {
  qti: string | undefined;
  responses: string | undefined;
  learners: number | undefined;
  json: string | undefined;
  concurrency: number;
  allItemTypes: boolean;
}

const HELP = `npm run demo -- [options]

Runs a whole English test through the public API of the running platform (and starts the platform
when it is not running): import, assign, answer, review, override, LMS, gradebook, trace.

  --qti ZIP          import this QTI 3.0 package instead of the project's own
  --responses CSV    columns id,E1..En of 0/1: an n-item test and one learner per row who answers so
  --learners N       how many learners (default 20; with --responses: all rows)
  --concurrency N    learners at work at once (default 12)
  --json FILE        also write the figures to a file
  --all-item-types   instead of a test: one of every item type, written, answered and explained
  --help             this text

Exits 1 when what the platform says is not what the answers given must lead to.`;

export function demoOptions(args: string[]): DemoOptions {
  try {
    const { values } = parseArgs({
      args,
      options: {
        qti: { type: 'string' },
        responses: { type: 'string' },
        learners: { type: 'string' },
        json: { type: 'string' },
        concurrency: { type: 'string', default: '12' },
        'all-item-types': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      console.log(HELP);
      process.exit(0);
    }
    if (values.qti !== undefined && values.responses !== undefined) {
      throw new Error('--qti and --responses exclude each other.');
    }
    return {
      qti: values.qti,
      responses: values.responses,
      learners:
        values.learners === undefined
          ? undefined
          : wholeNumber('--learners', values.learners, 100_000),
      json: values.json,
      allItemTypes: values['all-item-types'],
      concurrency: wholeNumber('--concurrency', values.concurrency, 200),
    };
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${HELP}`);
    process.exit(2);
  }
}

function wholeNumber(name: string, text: string, max: number): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > max) {
    throw new Error(`${name} must be a whole number from 1 to ${max}.`);
  }
  return number;
}
