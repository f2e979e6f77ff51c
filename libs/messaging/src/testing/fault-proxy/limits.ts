import { type Attribute, type Attributes, bytesOf, type RawCall } from './aws-call.js';

/** Why AWS would refuse a call or an entry. */
export interface Violation {
  code: string;
  message: string;
  /** 400 unless said otherwise. */
  status?: number;
}

export const MAX_ATTRIBUTES = 10;
export const MAX_BATCH = 10;

/** XML 1.0 characters: what SQS and SNS take, and nothing else. */
const FOREIGN_CHARACTER = /[^\t\n\r -\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;
const BATCH_ID = /^[A-Za-z0-9_-]{1,80}$/;
const GROUP_ID = /^[A-Za-z0-9!-/:-@[-`{-~]{1,128}$/;
const ATTRIBUTE_NAME = /^(?!aws\.|amazon\.|\.)(?!.*\.\.)[\w.-]{1,256}(?<!\.)$/i;
const DATA_TYPE = /^(String|Number|Binary)(\.[\w.-]{1,249})?$/;
const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=[^/,\s]+\/\d{8}\/[^/,]+\/[^/,]+\/aws4_request, ?SignedHeaders=[^,]+, ?Signature=[0-9a-f]{64}$/;
/** Five minutes: how far the clock of a signature may be off. */
const MAX_SKEW_MS = 5 * 60_000;

export function violation(code: string, message: string, status?: number): Violation {
  return status === undefined ? { code, message } : { code, message, status };
}

/** Requests must be signed, and signed just now. The signature itself is not recomputed. */
export function credentialFault({ headers }: RawCall, now: number): Violation | undefined {
  const { authorization } = headers;
  if (!authorization) {
    return violation('MissingAuthenticationToken', 'Request is missing a signature.', 403);
  }
  if (!AUTHORIZATION.test(authorization)) {
    return violation('IncompleteSignature', 'The signature or its credential is empty.', 403);
  }
  const skewMs = signedAt(String(headers['x-amz-date'] ?? '')) - now;
  if (!(Math.abs(skewMs) <= MAX_SKEW_MS)) {
    const message = `Signature expired or not yet current by ${Math.round(skewMs / 1000)} s.`;
    return violation('SignatureDoesNotMatch', message, 403);
  }
  return undefined;
}

/** `20260102T030405Z` as milliseconds; NaN for anything else. */
function signedAt(date: string): number {
  return Date.parse(
    date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'),
  );
}

export function batchFault(ids: (string | undefined)[]): Violation | undefined {
  if (ids.length === 0) return violation('EmptyBatchRequest', 'There are no entries.');
  if (ids.length > MAX_BATCH) {
    return violation('TooManyEntriesInBatchRequest', 'At most 10 entries are permitted.');
  }
  if (!ids.every((id) => BATCH_ID.test(id ?? ''))) {
    const message = 'An entry id has 1 to 80 letters, digits, hyphens and underscores.';
    return violation('InvalidBatchEntryId', message);
  }
  if (new Set(ids).size < ids.length) {
    return violation('BatchEntryIdsNotDistinct', 'Two entries have the same id.');
  }
  return undefined;
}

/** What holds for a message whichever service takes it. */
export function messageFault(
  body: string,
  attributes: Attributes,
  maxBytes: number,
): Violation | undefined {
  const values = Object.values(attributes).map(({ StringValue = '' }) => StringValue);
  if ([body, ...values].some((text) => FOREIGN_CHARACTER.test(text))) {
    return violation('InvalidMessageContents', 'Characters outside of XML 1.0 were found.');
  }
  if (bytesOf(body, attributes) > maxBytes) {
    const message = `One or more parameters are invalid. Reason: Message must be shorter than ${maxBytes} bytes.`;
    return violation('InvalidParameterValue', message);
  }
  for (const [name, value] of Object.entries(attributes)) {
    const fault = attributeFault(name, value);
    if (fault) return violation('InvalidParameterValue', fault);
  }
  return undefined;
}

function attributeFault(name: string, value: Attribute): string | undefined {
  if (!ATTRIBUTE_NAME.test(name)) return `The attribute name "${name}" is not permitted.`;
  if (!DATA_TYPE.test(value.DataType ?? '')) return `The type of "${name}" is not supported.`;
  const isBinary = value.DataType?.startsWith('Binary') === true;
  if (!(isBinary ? value.BinaryValue : value.StringValue)) {
    return `Message (user) attribute '${name}' must contain a non-empty value.`;
  }
  const lists = [...(value.StringListValues ?? []), ...(value.BinaryListValues ?? [])];
  return lists.length > 0 ? `Message attribute list values of "${name}" are reserved.` : undefined;
}

export function groupFault(name: string, id: string | undefined): Violation | undefined {
  if (id === undefined || GROUP_ID.test(id)) return undefined;
  const message = `Value for parameter ${name} is invalid. Reason: 1 to 128 alphanumeric or punctuation characters.`;
  return violation('InvalidParameterValue', message);
}

export function rangeFault(
  name: string,
  value: number | undefined,
  low: number,
  high: number,
): Violation | undefined {
  if (value === undefined || (Number.isInteger(value) && value >= low && value <= high)) {
    return undefined;
  }
  const message = `Value ${value} for parameter ${name} is invalid. Reason: Must be between ${low} and ${high}.`;
  return violation('InvalidParameterValue', message);
}
