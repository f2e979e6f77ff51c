import { type FieldFault, Refusal } from '@parlance/kernel';
import type { SlotAnswers } from '../domain/answers.js';
import { MAX_FORM_LENGTH } from '../domain/form.js';

const FIELDS = ['slot', 'sequence', 'responses'];

/**
 * The body of a save, checked by hand to the rules that ResponsesDto documents. It is by far the
 * most frequent body of the platform, and the general validation takes milliseconds for a form.
 */
export function slotAnswersOf(body: unknown): SlotAnswers[] {
  const responses = isPlain(body) ? body.responses : undefined;
  const isBatch = Array.isArray(responses) && responses.length >= 1;
  if (!isBatch || responses.length > MAX_FORM_LENGTH) {
    const detail = `must be a list of 1 to ${MAX_FORM_LENGTH} slots with their answers`;
    throw invalid([{ pointer: '/responses', detail }]);
  }
  const faults = [
    ...unknownFields(body as object, ['responses'], ''),
    ...responses.flatMap((one, index) => faultsOf(one, `/responses/${index}`)),
  ];
  if (faults.length > 0) throw invalid(faults.slice(0, 20));
  return responses as SlotAnswers[];
}

function faultsOf(one: unknown, at: string): FieldFault[] {
  if (!isPlain(one)) return [{ pointer: at, detail: 'must be an object' }];
  const faults = unknownFields(one, FIELDS, at);
  if (!isCount(one.slot)) {
    faults.push({ pointer: `${at}/slot`, detail: 'must be a whole number from 1' });
  }
  if (!isCount(one.sequence)) {
    faults.push({ pointer: `${at}/sequence`, detail: 'must be a whole number from 1' });
  }
  if (!isPlain(one.responses)) {
    faults.push({ pointer: `${at}/responses`, detail: 'must be an object' });
  }
  return faults;
}

function unknownFields(one: object, known: readonly string[], at: string): FieldFault[] {
  return Object.keys(one)
    .filter((field) => !known.includes(field))
    .slice(0, 5)
    .map((field) => ({
      pointer: `${at}/${field.slice(0, 100).toWellFormed()}`,
      detail: 'is no field of this body',
    }));
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 1;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(faults: FieldFault[]): Refusal {
  return new Refusal('invalid', 'invalid-input', 'The input does not fit.', faults);
}
