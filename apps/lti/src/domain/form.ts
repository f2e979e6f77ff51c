import { LaunchRefused } from './launch-refused.js';

export type Form = ReadonlyMap<string, string>;

/**
 * Parameters of a query or of an urlencoded body. A name that comes twice is refused: two readers
 * could each take another of the two values.
 */
export function parseForm(text: string, maxBytes: number): Form {
  if (Buffer.byteLength(text) > maxBytes) throw new LaunchRefused('request_too_large');
  const form = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(text)) {
    if (form.has(name)) throw new LaunchRefused('parameter_repeated');
    form.set(name, value);
  }
  return form;
}

export function requiredField(form: Form, name: string): string {
  const value = form.get(name);
  if (value === undefined || value === '') throw new LaunchRefused('parameter_missing');
  return value;
}

/** Absent and empty are the same: some platforms send every parameter, filled or not. */
export function optionalField(form: Form, name: string): string | undefined {
  const value = form.get(name);
  return value === '' ? undefined : value;
}
