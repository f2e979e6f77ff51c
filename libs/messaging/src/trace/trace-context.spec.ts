import { spanContextOf, traceHeaders } from './trace-context.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';

test('headers come back as the span context they were made of', () => {
  const spanContext = { traceId: TRACE, spanId: SPAN, traceFlags: 1 };
  expect(spanContextOf(traceHeaders(spanContext))).toEqual({ ...spanContext, isRemote: true });
});

test('an unsampled trace travels too', () => {
  const headers = traceHeaders({ traceId: TRACE, spanId: SPAN, traceFlags: 0 });
  expect(headers).toEqual({ traceparent: `00-${TRACE}-${SPAN}-00` });
});

test.each([
  ['all zeros', `00-${'0'.repeat(32)}-${'0'.repeat(16)}-01`],
  ['no trace id', `00-${'0'.repeat(32)}-${SPAN}-01`],
  ['no span id', `00-${TRACE}-${'0'.repeat(16)}-01`],
  ['a forbidden version', `ff-${TRACE}-${SPAN}-01`],
  ['too short', `00-${TRACE}`],
  ['nothing', ''],
])('a traceparent with %s is none', (_, traceparent) => {
  expect(spanContextOf({ traceparent })).toBeUndefined();
});

test('a traceparent that is no text is none', () => {
  expect(spanContextOf({ traceparent: 7 } as never)).toBeUndefined();
});

test('a tracestate of more than 512 characters is dropped and the trace goes on', () => {
  const traceparent = `00-${TRACE}-${SPAN}-01`;
  const short = spanContextOf({ traceparent, tracestate: 'a=1,b=2' });
  expect(short?.traceState?.serialize()).toBe('a=1,b=2');
  const long = spanContextOf({ traceparent, tracestate: `a=${'x'.repeat(512)}` });
  expect(long).toMatchObject({ traceId: TRACE, spanId: SPAN });
  expect(long?.traceState).toBeUndefined();
});
