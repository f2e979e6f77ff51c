import { type FieldFault, isId, Refusal, storableText } from '@parlance/kernel';
import type { SlotAnswers } from '../domain/answers.js';
import { MAX_FORM_LENGTH } from '../domain/form.js';
import type { SaveOrigin } from '../submissions.js';

const FIELDS = ['slot', 'sequence', 'responses'];

const BODY_FIELDS = ['responses', 'lease', 'deviceId', 'deviceTime'];
const MAX_DEVICE_ID_LENGTH = 100;

export interface SavedAnswersBody {
  batch: SlotAnswers[];
  origin: SaveOrigin;
}

/**
 * The body of a save, checked by hand to the rules that ResponsesDto documents. It is by far the
 * most frequent body of the platform, and the general validation takes milliseconds for a form.
 */
export function savedAnswersOf(body: unknown): SavedAnswersBody {
  const responses = isPlain(body) ? body.responses : undefined;
  const isBatch = Array.isArray(responses) && responses.length >= 1;
  if (!isPlain(body) || !isBatch || responses.length > MAX_FORM_LENGTH) {
    const detail = `must be a list of 1 to ${MAX_FORM_LENGTH} slots with their answers`;
    throw invalid([{ pointer: '/responses', detail }]);
  }
  const faults = [
    ...unknownFields(body, BODY_FIELDS, ''),
    ...originFaults(body),
    ...responses.flatMap((one, index) => faultsOf(one, `/responses/${index}`)),
  ];
  if (faults.length > 0) throw invalid(faults.slice(0, 20));
  return { batch: responses as SlotAnswers[], origin: originOf(body) };
}

function originFaults({ lease, deviceId }: Record<string, unknown>): FieldFault[] {
  const faults: FieldFault[] = [];
  if (!isAbsent(lease) && !isId(lease)) faults.push({ pointer: '/lease', detail: 'must be an id' });
  const isName = typeof deviceId === 'string' && deviceId.length <= MAX_DEVICE_ID_LENGTH;
  if (!isAbsent(deviceId) && !isName) {
    const detail = `must be a text of at most ${MAX_DEVICE_ID_LENGTH} characters`;
    faults.push({ pointer: '/deviceId', detail });
  }
  return faults;
}

/** A clock that claims something no calendar holds has claimed nothing. */
function originOf({ lease, deviceId, deviceTime }: Record<string, unknown>): SaveOrigin {
  return {
    lease: isId(lease) ? lease : null,
    deviceId: typeof deviceId === 'string' ? storableText(deviceId) : null,
    deviceTime: claimedInstant(deviceTime),
  };
}

/** An instant a device claims, or null when the claim cannot be kept. */
export function claimedInstant(value: unknown): Date | null {
  if (typeof value !== 'string' || value.length > 40) return null;
  const claimed = new Date(value);
  const year = Number.isNaN(claimed.getTime()) ? 0 : claimed.getUTCFullYear();
  return year >= 1900 && year < 3000 ? claimed : null;
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
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
