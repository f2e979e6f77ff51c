import { guidesOf } from './guides.js';
import { renderTrace } from './render.js';
import type { TraceView, ViewSpan } from './view.js';

const T = 'ab'.repeat(16);

function span(name: string, depth: number, more: Partial<ViewSpan> = {}): ViewSpan {
  return {
    traceId: T,
    spanId: name,
    parentId: null,
    relation: 'own',
    depth,
    service: 'grading',
    name,
    kind: 'internal',
    status: 'unset',
    startedAt: '2026-11-23T10:00:00.000Z',
    offsetMs: 0,
    durationMs: 1,
    attributes: {},
    links: [],
    notes: [],
    ...more,
  };
}

function view(more: Partial<TraceView>): TraceView {
  return {
    id: T,
    traceIds: [T],
    startedAt: '2026-11-23T10:00:00.000Z',
    durationMs: 1234,
    services: [],
    spans: [],
    logs: [],
    hops: [],
    outbox: [],
    inbox: [],
    records: [],
    truncated: false,
    ...more,
  };
}

const log = (spanId: string | null, message: string) => ({
  spanId,
  service: 'grading',
  at: '2026-11-23T10:00:00.000Z',
  offsetMs: 2,
  level: 'error',
  message,
  attributes: { code: 'late', request_id: T },
});

const hop = {
  eventId: 'e1',
  type: 'assignments.attempt-submitted.v1',
  from: 'assignments',
  createdAt: '2026-11-23T10:00:00.000Z',
  publishedAt: '2026-11-23T10:00:00.030Z',
  failedAt: null,
  lagMs: 30,
  deliveries: [
    { service: 'grading', receiveCount: 1, outcome: 'retry', at: '', durationMs: 8 },
    { service: 'grading', receiveCount: 2, outcome: 'applied', at: '', durationMs: null },
  ],
};

const lineWith = (text: string, part: string) =>
  text.split('\n').find((line) => line.includes(part)) ?? '';

describe('the tree as text', () => {
  it('joins siblings, children and logs by lines', () => {
    const spans = [span('a', 0), span('b', 1), span('c', 2), span('d', 1), span('e', 0)];
    const text = renderTrace(view({ spans, logs: [log('b', 'late'), log('d', 'odd')] }));
    const tree = text.split('\n').slice(3, 10);
    expect(tree.map((line) => line.slice(30))).toEqual([
      'a',
      '├ b',
      '│ │ error: late  code=late',
      '│ └ c',
      '└ d',
      '    error: odd  code=late',
      'e',
    ]);
  });

  it.each([
    [
      [0, 1, 2, 2, 1],
      ['', '├ ', '│ ├ ', '│ └ ', '└ '],
    ],
    [
      [0, 1, 2, 3, 1],
      ['', '├ ', '│ └ ', '│   └ ', '└ '],
    ],
    [
      [0, 0, 1],
      ['', '', '└ '],
    ],
    [
      [0, 3],
      ['', '    └ '],
    ],
  ])('guides of depths %j', (depths, guides) => {
    expect(guidesOf(depths).map(({ own }) => own)).toEqual(guides);
  });

  it('tells status, statement, event, publication, receives and outcome', () => {
    const message = { 'messaging.message.id': 'e1' };
    const text = renderTrace(
      view({
        hops: [hop],
        spans: [
          span('POST /x', 0, { kind: 'server', attributes: { 'http.response.status_code': 201 } }),
          span('transaction', 1, { attributes: { 'db.query.summary': 'UPDATE attempt' } }),
          span('create topic', 1, { kind: 'producer', attributes: message }),
          span('publish topic', 2, {
            relation: 'linked',
            attributes: { 'messaging.batch.message_count': 4 },
          }),
          span('process queue', 2, {
            kind: 'consumer',
            status: 'error',
            attributes: { ...message, 'app.receive_count': 2, 'app.outcome': 'retry' },
          }),
        ],
      }),
    );
    expect(lineWith(text, 'POST /x')).toContain('201');
    expect(lineWith(text, 'transaction')).toContain('UPDATE attempt');
    expect(lineWith(text, 'create topic')).toContain(`${hop.type}  published after 30.0ms`);
    expect(lineWith(text, 'publish topic')).toContain('batch of 4');
    expect(lineWith(text, 'process queue')).toContain('FAILED  receive 2  retry');
    expect(text).toContain('    grading      retry, receive 1, 8.0ms\n');
    expect(text).toContain('    grading      applied, receive 2\n');
  });

  it('says what is odd: missing parents, clocks that differ, services that are away', () => {
    const text = renderTrace(
      view({
        spans: [
          span('a', 0, { notes: ['parent-missing'] }),
          span('b', 1, { notes: ['clock-skew'] }),
        ],
        services: [
          { service: 'lti', status: 'not-reachable' },
          { service: 'content', status: 'answered' },
        ],
        truncated: true,
      }),
    );
    expect(lineWith(text, ' a ')).toContain('its parent is not here');
    expect(lineWith(text, ' b ')).toContain('clocks differ');
    expect(text).toContain('Not asked: lti (not reachable)');
    expect(text).toContain('There is more than is shown here.');
  });

  it('shows logs without a span, unpublished events and rows without any span at all', () => {
    const lost = { ...hop, publishedAt: null, lagMs: null, deliveries: [] };
    const records = [
      { service: 'grading', noun: 'score', rows: [{ id: 's1', status: 'final', note: null }] },
    ];
    const text = renderTrace(view({ logs: [log(null, 'alone')], hops: [lost], records }));
    expect(text).toContain('No spans are here');
    expect(text).toContain('Log lines without a span');
    expect(text).toContain('not published yet');
    expect(text).toContain('nobody has taken it yet');
    expect(lineWith(text, 's1')).toMatch(/^ {2}grading score +s1 {2}status=final$/);
  });

  it('does not call an event unpublished that somebody took', () => {
    const text = renderTrace(view({ hops: [{ ...hop, publishedAt: null, lagMs: null }] }));
    expect(text).toContain('from assignments, published\n');
  });

  it('names the requests that touched a record', () => {
    const text = renderTrace(view({ id: 'record', traceIds: [T, 'cd'.repeat(16)] }));
    expect(text).toContain(`Requests that touched it: ${T} ${'cd'.repeat(16)}`);
  });

  it('has no colour unless asked, and never what would steer the terminal', () => {
    const hostile = 'x\u001b[2Jy\nz\u009b31m\u202e';
    const spans = [span(hostile, 0, { service: hostile, attributes: { 'app.outcome': hostile } })];
    const plain = renderTrace(view({ spans, logs: [log(hostile, hostile)] }));
    // eslint-disable-next-line no-control-regex -- control characters are what is looked for
    expect(plain).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(plain).toContain('x [2Jy z 31m');
    const coloured = renderTrace(view({ spans: [span('a', 0)] }), { colour: true });
    expect(coloured).toContain('\u001b[1ma\u001b[22m');
  });

  it('cuts lines to the terminal, coloured or not', () => {
    const spans = [span('n'.repeat(300), 0)];
    for (const colour of [true, false]) {
      const lines = renderTrace(view({ spans }), { colour, width: 60 }).split('\n');
      // eslint-disable-next-line no-control-regex -- colours take no room
      const widths = lines.map((line) => line.replace(/\u001b\[\d+m/g, '').length);
      expect(Math.max(...widths)).toBe(60);
    }
  });
});
