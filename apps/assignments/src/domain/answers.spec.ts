import type { ItemDelivery } from '@parlance/assessment';
import type { FieldFault, Refusal } from '@parlance/kernel';
import {
  checkedAnswers,
  completeResponses,
  MAX_ANSWER_BYTES,
  MAX_ATTEMPT_BYTES,
  mayBeTooMuch,
  requireWithinAttempt,
} from './answers.js';
import { MAX_FORM_LENGTH } from './form.js';

const essay: ItemDelivery = {
  schema: 1,
  identifier: 'essay',
  title: 'Essay',
  body: [],
  interactions: [
    { kind: 'extended-text', responseId: 'TEXT' },
    { kind: 'text-entry', responseId: 'GAP', baseType: 'string' },
  ],
};

const deliveryOf = (slot: number) => (slot === 1 ? essay : undefined);

const given = (responses: Record<string, unknown>, slot = 1) => ({ slot, sequence: 1, responses });

function refusalOf(work: () => unknown): { code: string; pointers: string[] } {
  try {
    work();
  } catch (error) {
    const { code, faults } = error as Refusal;
    return { code, pointers: faults.map(({ pointer }: FieldFault) => pointer) };
  }
  throw new Error('It was not refused.');
}

describe('checkedAnswers', () => {
  it('keeps text as PostgreSQL can store it', () => {
    const [checked] = checkedAnswers([given({ TEXT: 'a\u0000b\ud800c', GAP: null })], deliveryOf);
    expect(checked?.responses).toEqual({ TEXT: 'ab\ufffdc', GAP: null });
  });

  it('takes an answer of the greatest size and refuses one byte more', () => {
    const greatest = 'x'.repeat(MAX_ANSWER_BYTES);
    expect(checkedAnswers([given({ TEXT: greatest })], deliveryOf)).toHaveLength(1);
    expect(refusalOf(() => checkedAnswers([given({ TEXT: `${greatest}x` })], deliveryOf))).toEqual({
      code: 'answer-too-large',
      pointers: ['/responses/0/responses/TEXT'],
    });
  });

  it('counts bytes, not characters', () => {
    const text = 'é'.repeat(MAX_ANSWER_BYTES / 2 + 1);
    const { code } = refusalOf(() => checkedAnswers([given({ TEXT: text })], deliveryOf));
    expect(code).toBe('answer-too-large');
  });

  it('names every fault by its place', () => {
    const batch = [given({ TEXT: 5 }), given({ TEXT: 'a' }, 2), given({ OTHER: 'a' }), given({})];
    expect(refusalOf(() => checkedAnswers(batch, deliveryOf))).toEqual({
      code: 'invalid-responses',
      pointers: [
        '/responses/0/responses/TEXT',
        '/responses/1/slot',
        '/responses/2/slot',
        '/responses/3/slot',
      ],
    });
  });

  it('refuses an answer the item does not ask for', () => {
    expect(refusalOf(() => checkedAnswers([given({ KEY: 'a' })], deliveryOf)).pointers).toEqual([
      '/responses/0/responses/KEY',
    ]);
  });
});

describe('completeResponses', () => {
  it('says null where nothing was answered', () => {
    expect(completeResponses(essay, undefined)).toEqual({ TEXT: null, GAP: null });
    expect(completeResponses(essay, { GAP: 'went' })).toEqual({ TEXT: null, GAP: 'went' });
  });
});

describe('all answers of an attempt', () => {
  const checked = (text: string) => [{ slot: 1, sequence: 1, responses: { TEXT: text } }];

  it('may have 8 MiB, and not a byte more', () => {
    expect(() => requireWithinAttempt(MAX_ATTEMPT_BYTES)).not.toThrow();
    expect(refusalOf(() => requireWithinAttempt(MAX_ATTEMPT_BYTES + 1)).code).toBe(
      'attempt-too-large',
    );
  });

  it('are added up only when one of them could take them beyond it', () => {
    // In the longest form: every slot with an answer that is not looked at.
    const unnoticed = 16_000;
    expect(mayBeTooMuch(checked('x'.repeat(unnoticed)))).toBe(false);
    expect(unnoticed * MAX_FORM_LENGTH).toBeLessThan(MAX_ATTEMPT_BYTES);
    expect(mayBeTooMuch(checked('x'.repeat(17_000)))).toBe(true);
    // Two bytes each in UTF-8, and six as an escape in JSON.
    expect(mayBeTooMuch(checked('é'.repeat(9_000)))).toBe(true);
  });
});
