import { deadlettersOptions, HELP, WrongArguments } from './options.js';

const NOW = Date.UTC(2026, 4, 10, 12);

const parse = (...args: string[]) => deadlettersOptions(args, NOW);

test('filters become what on-call understands', () => {
  const options = parse(
    'redrive',
    ...['--queue', 'q-dlq', '--type', 'grading.attempt-scored.v1', '--institution', 'i'],
    ...['--fingerprint', '0123456789abcdef', '--since', '2h', '--id', 'm'],
    ...['--rate', '7', '--reason', ' mended ', '--operator', 'Ada', '--yes'],
  );
  expect(options).toMatchObject({
    command: 'redrive',
    filter: {
      queue: 'q-dlq',
      type: 'grading.attempt-scored.v1',
      institutionId: 'i',
      fingerprint: '0123456789abcdef',
      since: '2026-05-10T10:00:00.000Z',
      id: 'm',
    },
    ratePerSecond: 7,
    reason: 'mended',
    operator: 'Ada',
    yes: true,
    dryRun: false,
  });
});

test('what is not given says nothing', () => {
  const options = parse('ls');
  expect(options).toMatchObject({ filter: {}, ratePerSecond: 50, yes: false, json: false });
  expect(options?.operator).not.toBe('');
});

test.each([
  ['45s', '2026-05-10T11:59:15.000Z'],
  ['30m', '2026-05-10T11:30:00.000Z'],
  ['3d', '2026-05-07T12:00:00.000Z'],
  ['2026-05-01T08:00:00+02:00', '2026-05-01T06:00:00.000Z'],
])('since %s is %s', (since, instant) => {
  expect(parse('ls', '--since', since)?.filter.since).toBe(instant);
});

test.each([
  [[], 'Give one of these commands'],
  [['drop'], 'Give one of these commands'],
  [['ls', 'x'], 'takes options alone'],
  [['show'], 'the id of one letter'],
  [['show', 'a', 'b'], 'the id of one letter'],
  [['resume'], 'one type of event'],
  [['redrive', '--yes'], 'Say which letters to redrive'],
  [['discard', '--reason', 'x'], 'Say which letters to discard'],
  [['discard', '--queue', 'q', '--yes'], '--reason'],
  [['discard', '--queue', 'q', '--reason', ' '], '--reason'],
  [['ls', '--since', 'yesterday'], '--since must be'],
  [['ls', '--since', '2026-13-01T00:00:00Z'], '--since must be'],
  [['ls', '--since', '2w'], '--since must be'],
  [['ls', '--fingerprint', 'ABC'], '--fingerprint must be'],
  [['redrive', '--queue', 'q', '--rate', '0'], '--rate must be'],
  [['redrive', '--queue', 'q', '--rate', '1e2'], '--rate must be'],
  [['redrive', '--queue', 'q', '--rate', '501'], '--rate must be'],
  [['ls', '--url', 'ftp://x'], '--url must be'],
  [['ls', '--unknown'], 'unknown'],
])('%j is refused', (args, message) => {
  expect(() => parse(...args)).toThrow(WrongArguments);
  expect(() => parse(...args)).toThrow(message);
});

test('help is asked for with anything, and fits a terminal', () => {
  expect(parse('--help')).toBeUndefined();
  expect(parse('redrive', '--help')).toBeUndefined();
  expect(Math.max(...HELP.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
});
