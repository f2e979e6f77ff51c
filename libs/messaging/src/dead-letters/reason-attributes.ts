import {
  type MessageAttributes,
  messageBytes,
  textAttribute,
} from '../envelope/message-attributes.js';

/** Why a letter is one, as its attributes say. */
export interface ReasonTexts {
  error_code: string;
  error_fingerprint: string;
  consumer: string;
  receive_count: string;
}

/** In the order in which they matter: where there is no room for all, the last give way first. */
export const REASON_NAMES = [
  'error_code',
  'error_fingerprint',
  'consumer',
  'receive_count',
] as const satisfies readonly (keyof ReasonTexts)[];

const NAMES: ReadonlySet<string> = new Set(REASON_NAMES);

/** Most attributes SQS takes on one message, and most bytes with them. */
const MAX_ATTRIBUTES = 10;
const MAX_BYTES = 1_048_576;

/**
 * The original's attributes with the reason beside them. Ours are left out one by one when there
 * is no room, the original's never.
 */
export function withReason(
  { body, attributes: original }: { body: string; attributes: MessageAttributes },
  reason: ReasonTexts,
): MessageAttributes {
  // A letter that was redriven and failed again carries its earlier reason.
  const kept = Object.entries(withoutReason(original)).slice(0, MAX_ATTRIBUTES);
  const attributes = Object.fromEntries(kept);
  for (const name of REASON_NAMES.slice(0, MAX_ATTRIBUTES - kept.length)) {
    const more = { ...attributes, [name]: textAttribute(reason[name]) };
    if (messageBytes(body, more) > MAX_BYTES) break;
    attributes[name] = textAttribute(reason[name]);
  }
  return attributes;
}

/** The attributes of the message as it was before it became a letter. */
export function withoutReason(attributes: MessageAttributes): MessageAttributes {
  const entries = Object.entries(attributes).filter(([name]) => !NAMES.has(name));
  return sendable(Object.fromEntries(entries));
}

/** What SQS takes back of what it gave: no empty texts, and none of its empty list members. */
export function sendable(attributes: MessageAttributes): MessageAttributes {
  return Object.fromEntries(
    Object.entries(attributes)
      .filter(([, value]) => value.StringValue || value.BinaryValue)
      .map(([name, { DataType, StringValue, BinaryValue }]) => [
        name,
        { DataType, ...(StringValue && { StringValue }), ...(BinaryValue && { BinaryValue }) },
      ]),
  );
}

/** The reason a letter carries; undefined for those SQS or SNS moved by themselves. */
export function reasonIn(attributes: MessageAttributes): Partial<ReasonTexts> | undefined {
  const found = REASON_NAMES.flatMap((name) => {
    const text = attributes[name]?.StringValue;
    return text ? [[name, text] as const] : [];
  });
  return found.length > 0 ? Object.fromEntries(found) : undefined;
}
