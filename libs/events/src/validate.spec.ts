import { newId } from '@parlance/kernel';
import { AttemptSubmitted } from './assignments/attempt-submitted.v1.js';
import { ClassChanged } from './identity/class-changed.v1.js';
import { CellChanged } from './gradebook/cell-changed.v1.js';
import { EventDataInvalid, parseEventData } from './validate.js';

const attempt = (items: unknown) => ({
  attemptId: newId(),
  assignmentId: newId(),
  classId: newId(),
  learnerId: newId(),
  attemptNumber: 1,
  submittedAt: '2026-03-02T09:00:00.000Z',
  items,
});
const item = { slot: 1, itemVersionId: newId(), responses: { A: 'x', B: ['y'], C: null } };

describe('event data', () => {
  it('that fits comes back as an instance of its class', () => {
    const parsed = parseEventData(AttemptSubmitted, attempt([item]));
    expect(parsed).toBeInstanceOf(AttemptSubmitted.data);
    expect(parsed.items).toEqual([item]);
  });

  it('keeps fields of a newer producer', () => {
    const data = { classId: newId(), name: 'B1', status: 'active', colour: 'blue' };
    expect(parseEventData(ClassChanged, data)).toMatchObject({ colour: 'blue' });
  });

  it.each([
    ['no object', null],
    ['an array', []],
    ['text', 'x'],
    ['a missing field', { name: 'B1', status: 'active' }],
    ['a wrong type', { classId: newId(), name: 7, status: 'active' }],
    ['an unknown value', { classId: newId(), name: 'B1', status: 'gone' }],
    ['a prototype', JSON.parse('{"__proto__": {"classId": "x"}}')],
  ])('that is or has %s is refused', (_, data) => {
    expect(() => parseEventData(ClassChanged, data)).toThrow(EventDataInvalid);
  });

  it.each([
    ['slot 0', { ...item, slot: 0 }],
    ['no item version', { ...item, itemVersionId: undefined }],
    ['a number as answer', { ...item, responses: { A: 7 } }],
    ['nested answers', { ...item, responses: { A: [['x']] } }],
    ['no responses', { ...item, responses: null }],
    ['nothing at all', null],
  ])('with an item that has %s is refused', (_, bad) => {
    expect(() => parseEventData(AttemptSubmitted, attempt([item, bad]))).toThrow(EventDataInvalid);
  });

  it('allows null only where the schema does', () => {
    const cell = {
      cellId: newId(),
      assignmentId: newId(),
      classId: newId(),
      learnerId: newId(),
      cellVersion: 1,
      status: 'pending-review',
      points: null,
      pointsPossible: 5,
      overridden: false,
      submittedAt: '2026-03-02T09:00:00.000Z',
      changedAt: '2026-03-02T09:00:00.000Z',
    };
    expect(parseEventData(CellChanged, cell).points).toBeNull();
    expect(() => parseEventData(CellChanged, { ...cell, pointsPossible: null })).toThrow();
  });

  it('says which field and rule, and never the value', () => {
    const data = { classId: newId(), name: ['secret'], status: 'active' };
    expect(() => parseEventData(ClassChanged, data)).toThrow(/name \(isString\)/);
    expect(() => parseEventData(ClassChanged, data)).not.toThrow(/secret/);
  });
});
