import { valueOf } from '../../test/expressions.js';
import { float, response, variable } from '../../test/specs.js';
import type { Expression } from '../index.js';
import { numericFields } from './numeric-record.js';

describe('a number as it was typed', () => {
  const none = {
    floatValue: null,
    integerValue: null,
    leftDigits: null,
    rightDigits: null,
    ndp: null,
    nsf: null,
    exponent: null,
  };

  test.each([
    [
      '1.50e2',
      { ...none, floatValue: 150, leftDigits: 1, rightDigits: 2, ndp: 0, nsf: 3, exponent: 2 },
    ],
    [
      '1.50e-1',
      { ...none, floatValue: 0.15, leftDigits: 1, rightDigits: 2, ndp: 3, nsf: 3, exponent: -1 },
    ],
    [
      ' 007 ',
      { ...none, floatValue: 7, integerValue: 7, leftDigits: 3, rightDigits: 0, ndp: 0, nsf: 1 },
    ],
    ['-0.0120', { ...none, floatValue: -0.012, leftDigits: 1, rightDigits: 4, ndp: 4, nsf: 3 }],
    ['.5', { ...none, floatValue: 0.5, leftDigits: 0, rightDigits: 1, ndp: 1, nsf: 1 }],
    [
      '5.',
      { ...none, floatValue: 5, integerValue: 5, leftDigits: 1, rightDigits: 0, ndp: 0, nsf: 1 },
    ],
    ['five', none],
    ['.', none],
    ['-', none],
    ['', none],
    ['1e999', none],
    ['1 2', none],
    ['1'.repeat(401), none],
  ])('%s', (typed, fields) => {
    expect(numericFields(typed)).toEqual(fields);
  });

  const given = (typed: string) => ({
    responses: [response({ cardinality: 'record', baseType: 'string' })],
    answers: { RESPONSE: typed },
  });
  const field = (fieldIdentifier: string): Expression => ({
    op: 'field-value',
    fieldIdentifier,
    of: [variable('RESPONSE')],
  });

  test('its fields are the values of a record', () => {
    expect(valueOf(field('stringValue'), given('1.50'))).toBe('1.50');
    expect(valueOf(field('floatValue'), given('1.50'))).toBe(1.5);
    expect(valueOf(field('integerValue'), given('1.50'))).toBeNull();
    expect(valueOf(field('integerValue'), given('15'))).toBe(15);
    expect(valueOf(field('nsf'), given('1.50'))).toBe(3);
    expect(valueOf(field('exponent'), given('1.50'))).toBeNull();
    expect(valueOf(field('constructor'), given('1.50'))).toBeNull();
    expect(valueOf(field('stringValue'), given('four'))).toBe('four');
    expect(valueOf(field('floatValue'), given('four'))).toBeNull();
    expect(valueOf(field('stringValue'), given(''))).toBeNull();
    expect(valueOf({ op: 'field-value', fieldIdentifier: 'nsf', of: [float(1)] })).toBeNull();
    expect(valueOf(variable('RESPONSE'), given('1.50'))).toBe('1.50');
  });
});
