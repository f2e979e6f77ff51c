import { CellWritten, Scored, TEST_EVENTS } from '../../test/fixtures.js';
import { assertHandlers } from './handler-set.js';

test('a service with a handler for each event it consumes may start', () => {
  expect(() => assertHandlers(TEST_EVENTS, 'gradebook', [Scored.type])).not.toThrow();
  expect(() => assertHandlers(TEST_EVENTS, 'identity', [])).not.toThrow();
});

test('a missing, a foreign and a second handler are named together', () => {
  expect(() => assertHandlers(TEST_EVENTS, 'gradebook', [])).toThrow(
    'Consumed but without a handler: grading.scored.v1. With a handler but not consumed: none.',
  );
  const all = [Scored.type, Scored.type, CellWritten.type];
  expect(() => assertHandlers(TEST_EVENTS, 'gradebook', all)).toThrow(
    'With a handler but not consumed: gradebook.cell-written.v1. ' +
      'With more than one handler: grading.scored.v1.',
  );
});
