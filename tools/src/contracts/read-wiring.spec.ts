import { wiringIn } from './read-wiring.js';

describe('the code of a service', () => {
  const types = new Map([
    ['One', 'grading.one.v1'],
    ['Two', 'grading.two.v1'],
  ]);
  const read = (text: string, path = 'apps/lti/src/events/on-one.ts') =>
    wiringIn(
      [{ path, text: `import { One, Two as Second } from '@parlance/events';\n${text}` }],
      types,
    );
  const use = (type: string) => ({ service: 'lti', type, file: 'apps/lti/src/events/on-one.ts' });

  it.each<[string, string[]]>([
    ['@EventPattern<string>(One.type) handle() {}', ['grading.one.v1']],
    ['@EventPattern(\n  Second.type,\n)', ['grading.two.v1']],
    ['@EventPattern<string>(One.type, { batch: true })', ['grading.one.v1']],
    ['// @EventPattern<string>(One.type)', []],
    ['/* @EventPattern<string>(One.type) */', []],
    ["@EventPattern<string>('typed.by.hand')", ["'typed.by.hand'"]],
    ['@EventPattern<string>(Unknown.type)', ['Unknown']],
  ])('handles: %s', (text, expected) => {
    expect(read(text).handlers).toEqual(expected.map(use));
  });

  it.each<[string, string[]]>([
    ['await this.outbox.add(tx, One, { data: of(x) });', ['grading.one.v1']],
    ['outbox.addAll(tx, rows.map((row) => ({ event: Second, row })))', ['grading.two.v1']],
    [
      'await this.outbox.add(\n  context.tx,\n  One,\n  event,\n);\nlog(Second);',
      ['grading.one.v1'],
    ],
    ['  // this.outbox.add(tx, One, x)', []],
    ['this.cache.add(tx, One)', []],
    ['this.outbox.add(tx, Three, x)', []],
  ])('publishes: %s', (text, expected) => {
    expect(read(text).additions).toEqual(expected.map(use));
  });
});
