import { createServer, type IncomingMessage } from 'node:http';
import type { Group, Letter, Run } from './answers.js';
import { runCommand } from './commands.js';
import { OncallClient, OncallSaidNo } from './oncall-client.js';
import { deadlettersOptions, type Options } from './options.js';
import { MAX_WIDTH } from './tables.js';

const ID = '01890a5d-ac96-774b-bcce-b302099a8057';
const LONG = `grading.${'very-'.repeat(40)}long.v1`;

const group: Group = {
  queue: 'parlance-gradebook-from-grading-dlq',
  type: LONG,
  errorCode: 'schema',
  fingerprint: '0123456789abcdef',
  count: 12_345,
  tooOld: 2,
  firstAt: '2026-05-10T10:00:00.000Z',
  lastAt: '2026-05-10T12:00:00.000Z',
  institutions: 3,
  exampleIds: [ID],
};

const letter: Letter = {
  id: ID,
  queue: group.queue,
  kind: 'unhandled',
  service: 'gradebook',
  eventId: ID,
  type: `${LONG}\u001b[31m`,
  institutionId: ID,
  eventAt: group.firstAt,
  arrivedAt: group.lastAt,
  traceId: 'a'.repeat(32),
  errorCode: 'schema',
  fingerprint: group.fingerprint,
  receiveCount: 1,
  bytes: 700,
};

const run: Run = {
  id: ID,
  action: 'redrive',
  operator: 'Ada',
  reason: null,
  filter: { fingerprint: group.fingerprint },
  state: 'done',
  counts: { redriven: 3, discarded: 0, 'too-old': 0, failed: 0, 'not-deleted': 0 },
  isComplete: true,
  fault: null,
  startedAt: group.lastAt,
  finishedAt: group.lastAt,
};

interface Asked {
  method: string;
  path: string;
  body: Record<string, unknown>;
}

type Answer = { status?: number; body: unknown };

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = '';
  for await (const part of request) text += String(part);
  return JSON.parse(text || '{}');
}

/** Runs a command against an on-call that answers by method and path. */
async function against(answers: Record<string, Answer | Answer[]>, ...args: string[]) {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const [path = ''] = (request.url ?? '').replace('/api/v1/dead-letters', '').split('?');
    const { method = '', headers } = request;
    asked.push({ method, path: request.url ?? '', body: await bodyOf(request) });
    const given = answers[`${method} ${path}`];
    const answer = Array.isArray(given) ? given.shift() : given;
    const isOperator = headers.authorization === 'Operator secret';
    response.statusCode = isOperator ? (answer?.status ?? (answer ? 200 : 404)) : 401;
    response.end(JSON.stringify(answer?.body ?? { detail: 'No such thing.' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const client = new OncallClient(`http://127.0.0.1:${port}`, 'secret');
  const progress: string[] = [];
  try {
    const options = deadlettersOptions(args) as Options;
    const outcome = await runCommand(client, options, (text) => progress.push(text));
    return { ...outcome, asked, progress };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const widest = (lines: string[]) => Math.max(...lines.map((line) => line.length));

test('ls shows groups and paused types within 100 columns', async () => {
  const { lines, asked } = await against(
    {
      'GET ': {
        body: {
          total: 5,
          queues: [{ name: 'lti-outbox', depth: null, state: 'away' }],
          groups: [group],
          isComplete: false,
        },
      },
      'GET /pauses': {
        body: {
          pauses: [
            {
              service: 'grading',
              type: LONG,
              fingerprint: 'f',
              messages: 5,
              pausedAt: run.startedAt,
            },
          ],
          away: ['lti'],
        },
      },
    },
    ...['ls', '--type', 'a.b', '--since', '2026-05-01T00:00:00Z'],
  );
  const text = lines.join('\n');
  expect(text).toContain('12345  schema       0123456789abcdef');
  expect(text).toContain('2 too old');
  expect(text).toContain('PAUSED TYPE');
  expect(text).toContain('Could not be asked: lti-outbox.');
  expect(text).toContain('There may be more letters');
  expect(widest(lines)).toBeLessThanOrEqual(MAX_WIDTH);
  expect(asked[0]?.path).toBe('/api/v1/dead-letters?type=a.b&since=2026-05-01T00%3A00%3A00.000Z');
});

test('letters and one letter fit too, and steer no terminal', async () => {
  const listed = await against(
    { 'GET /letters': { body: { matched: 900, letters: [letter], isComplete: true } } },
    ...['ls', '--letters'],
  );
  expect(listed.lines.join('\n')).toContain('The latest 1 of 900.');
  const data = [{ name: 'essay', bytes: 400, value: null }];
  const view = { letter, attributes: [], envelope: data, data, waitingBehind: 4 };
  const shown = await against({ [`GET /letters/${ID}`]: { body: view } }, 'show', ID);
  expect(shown.lines.join('\n')).toContain('(not shown)');
  expect(shown.lines.join('\n')).toContain(`npm run trace -- ${letter.traceId}`);
  expect(widest(listed.lines)).toBeLessThanOrEqual(MAX_WIDTH);
  expect([...listed.lines, ...shown.lines].join('\n')).not.toContain('\u001b');
});

const REDRIVE = ['redrive', '--fingerprint', group.fingerprint, '--operator', 'Ada'];

test('without --yes it shows what would be done, and how to do it', async () => {
  const body = { groups: [group], matched: 5, tooOld: 2, isComplete: true };
  const { lines, asked, isGood } = await against({ 'POST /redrives': { body } }, ...REDRIVE);
  expect(lines[0]).toBe('3 dead letters would be redriven:');
  expect(lines.at(-1)).toBe('Add --yes to redrive them.');
  expect(isGood).toBe(true);
  expect(asked).toHaveLength(1);
  expect(asked[0]?.body).toEqual({
    filter: { fingerprint: group.fingerprint },
    ratePerSecond: 50,
    operator: 'Ada',
    dryRun: true,
  });
  const dry = await against({ 'POST /redrives': { body } }, ...REDRIVE, '--yes', '--dry-run');
  expect(dry.asked[0]?.body.dryRun).toBe(true);
  expect(dry.lines.join()).not.toContain('--yes');
});

test('with --yes it follows the run to its end', async () => {
  const running = { ...run, state: 'running', counts: { ...run.counts, redriven: 1 } };
  const { lines, asked, progress, isGood } = await against(
    {
      'POST /redrives': { status: 202, body: running },
      [`GET /redrives/${ID}`]: [{ body: running }, { body: run }],
    },
    ...REDRIVE,
    '--yes',
  );
  expect(progress).toEqual(['redrive: 1 redriven', 'redrive: 1 redriven']);
  expect(lines).toEqual(['redrive done: 3 redriven.', `On record as ${ID}.`]);
  expect(asked[0]?.body.dryRun).toBe(false);
  expect(isGood).toBe(true);
});

test.each([
  [{ counts: { ...run.counts, 'too-old': 1 } }, '3 redriven, 1 too old'],
  [{ counts: { ...run.counts, failed: 2 } }, '3 redriven, 2 failed'],
  [{ counts: { ...run.counts, 'not-deleted': 1 } }, '1 sent but still there'],
  [{ state: 'failed', fault: 'lti-outbox: it ended early.' }, 'lti-outbox: it ended early.'],
  [{ state: 'stopped', isComplete: false }, 'run it again'],
])('is not good when %j', async (change, told) => {
  const body = { ...run, ...change };
  const answers = { 'POST /redrives': { status: 202, body } };
  const { lines, isGood } = await against(answers, ...REDRIVE, '--yes');
  expect(isGood).toBe(false);
  expect(lines.join('\n')).toContain(told);
});

test('a discard sends its reason', async () => {
  const { asked } = await against(
    { 'POST /discards': { status: 202, body: { ...run, action: 'discard' } } },
    ...['discard', '--id', ID, '--reason', 'a test', '--yes', '--rate', '5'],
  );
  expect(asked[0]?.body).toMatchObject({ reason: 'a test', ratePerSecond: 5, filter: { id: ID } });
});

test('resume and audit say what came of it', async () => {
  const resumed = await against(
    { 'POST /resumes': { body: { services: ['grading'] } } },
    ...['resume', 'a.b.v1'],
  );
  expect(resumed.lines).toEqual(['a.b.v1 is handled again by grading.']);
  const audit = await against({ 'GET /audit': { body: { runs: [run] } } }, 'audit');
  expect(audit.lines.join('\n')).toContain('done: 3 redriven');
  expect(widest(audit.lines)).toBeLessThanOrEqual(MAX_WIDTH);
});

test.each([
  [404, { detail: 'No such dead letter.' }, 'unknown', 'No such dead letter.'],
  [409, { detail: 'Busy.' }, 'refused', 'Busy.'],
  [
    400,
    { detail: 'The input does not fit.', errors: [{ pointer: '/filter/type', detail: 'odd' }] },
    'refused',
    'The input does not fit. filter/type: odd',
  ],
  [401, {}, 'refused', 'another operator secret'],
  [503, { detail: 'SQS does not answer.' }, 'away', 'SQS does not answer.'],
])('an answer of %i %j is told', async (status, body, fault, message) => {
  const asking = against({ 'GET /audit': { status, body } }, 'audit');
  await expect(asking).rejects.toBeInstanceOf(OncallSaidNo);
  await expect(asking).rejects.toMatchObject({ fault, message: expect.stringContaining(message) });
});
