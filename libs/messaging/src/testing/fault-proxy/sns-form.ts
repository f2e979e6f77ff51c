import type { Attribute, Attributes } from './aws-call.js';

/** A message of Publish or PublishBatch as it stands in the form. */
export interface SnsEntry {
  /** Where its keys begin; empty for Publish. */
  prefix: string;
  /** Undefined for Publish. */
  id: string | undefined;
  message: string;
  attributes: Attributes;
  groupId: string | undefined;
  deduplicationId: string | undefined;
}

const MEMBER = /^PublishBatchRequestEntries\.member\.(\d+)\./;

export function publishEntry(form: URLSearchParams): SnsEntry {
  return entryAt(form, '');
}

export function batchEntries(form: URLSearchParams): SnsEntry[] {
  const numbers = new Set([...form.keys()].flatMap((key) => MEMBER.exec(key)?.[1] ?? []));
  return [...numbers].map((number) => {
    const prefix = `PublishBatchRequestEntries.member.${number}.`;
    return { ...entryAt(form, prefix), id: form.get(`${prefix}Id`) ?? '' };
  });
}

/** The form with these entries alone, counted anew. */
export function formWith(form: URLSearchParams, entries: SnsEntry[]): URLSearchParams {
  const copy = new URLSearchParams();
  for (const [key, value] of form) {
    const owner = entries.findIndex(({ prefix }) => prefix !== '' && key.startsWith(prefix));
    const rest = key.slice(entries[owner]?.prefix.length ?? 0);
    if (owner >= 0) copy.append(`PublishBatchRequestEntries.member.${owner + 1}.${rest}`, value);
    else if (!MEMBER.test(key)) copy.append(key, value);
  }
  return copy;
}

function entryAt(form: URLSearchParams, prefix: string): SnsEntry {
  const attributes: Attributes = {};
  for (let number = 1; ; number += 1) {
    const at = `${prefix}MessageAttributes.entry.${number}.`;
    const name = form.get(`${at}Name`);
    if (name === null) break;
    const attribute: Attribute = {};
    for (const part of ['DataType', 'StringValue', 'BinaryValue'] as const) {
      const value = form.get(`${at}Value.${part}`);
      if (value !== null) attribute[part] = value;
    }
    attributes[name] = attribute;
  }
  return {
    prefix,
    id: undefined,
    message: form.get(`${prefix}Message`) ?? '',
    attributes,
    groupId: form.get(`${prefix}MessageGroupId`) ?? undefined,
    deduplicationId: form.get(`${prefix}MessageDeduplicationId`) ?? undefined,
  };
}
