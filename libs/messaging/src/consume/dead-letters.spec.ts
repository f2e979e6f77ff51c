import { textAttribute } from '../envelope/message-attributes.js';
import { deadLetterAttributes } from './dead-letters.js';
import { deadLetterReason } from './errors.js';

const reason = deadLetterReason('schema', 'points (isInt)', 'grading.scored.v1');

function attributesFor(names: string[]) {
  const attributes = Object.fromEntries(names.map((name) => [name, textAttribute('original')]));
  return deadLetterAttributes({ attributes, receiveCount: 3, body: '' }, reason, 'gradebook');
}

const names = (count: number) => Array.from({ length: count }, (_, index) => `a${index}`);

test('our six attributes and the four of the reason make ten', () => {
  const letter = attributesFor(names(6));
  expect(Object.keys(letter)).toHaveLength(10);
  expect(letter.error_code?.StringValue).toBe('schema');
  expect(letter.receive_count?.StringValue).toBe('3');
});

test("a stranger's many attributes all stay, and the reason gives way", () => {
  const letter = attributesFor(names(9));
  expect(Object.keys(letter)).toEqual([...names(9), 'error_code']);
  expect(Object.keys(attributesFor(names(10)))).toEqual(names(10));
});

test('a letter that fails again carries the new reason once', () => {
  const letter = attributesFor([...names(5), 'error_code', 'receive_count']);
  expect(Object.keys(letter)).toHaveLength(9);
  expect(letter.error_code?.StringValue).toBe('schema');
});

test('an attribute without text is sent without, as SQS refuses an empty one', () => {
  const attributes = { a: { DataType: 'String', StringValue: '' } };
  const letter = deadLetterAttributes(
    { attributes, receiveCount: 1, body: '' },
    reason,
    'gradebook',
  );
  expect(letter.a).toBeUndefined();
});

test('a message as large as SQS takes arrives without the reasons that no longer fit', () => {
  const attributes = { a: textAttribute('x') };
  const letterOf = (spare: number) => {
    // The attribute takes 8 bytes; error_code takes 10 for its name, 6 for its type, 6 for "schema".
    const body = 'x'.repeat(1_048_576 - 8 - spare);
    return Object.keys(deadLetterAttributes({ attributes, receiveCount: 1, body }, reason, 'g'));
  };
  expect(letterOf(21)).toEqual(['a']);
  expect(letterOf(22)).toEqual(['a', 'error_code']);
  expect(letterOf(1000)).toHaveLength(5);
});

test('the fingerprint is of the kind of fault, not of what the message held', () => {
  const of = (detail: string) => deadLetterReason('unprocessable', detail, 't').fingerprint;
  expect(of('no cell 01890a5d-ac96-774b-bcce-b302099a8057')).toBe(
    of('no cell 01890a5d-ac96-774b-bcce-b302099a8058'),
  );
  expect(of('attempt 3 of 5')).toBe(of('attempt 4 of 5'));
  expect(of('no cell')).not.toBe(of('no class'));
});
