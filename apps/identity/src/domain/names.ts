import { Refusal, storableText } from '@parlance/kernel';

/** A name as it is stored; refused when nothing visible is left of it. */
export function cleanName(text: string, pointer = '/displayName'): string {
  const name = storableText(text).replace(/\s+/g, ' ').trim();
  if (name !== '') return name;
  const fault = { pointer, detail: 'must have a visible character' };
  throw new Refusal('invalid', 'invalid-input', 'The input does not fit.', [fault]);
}

/** One person has one spelling of an address: case is not significant in practice. */
export function cleanEmail(email: string): string {
  return email.trim().toLowerCase();
}
