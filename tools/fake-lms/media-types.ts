import type { Dialect } from './dialect.js';
import { jsonReply } from './http-door.js';
import type { Incoming, Reply } from './http-door.js';

export const mediaTypes = {
  lineItem: 'application/vnd.ims.lis.v2.lineitem+json',
  lineItems: 'application/vnd.ims.lis.v2.lineitemcontainer+json',
  results: 'application/vnd.ims.lis.v2.resultcontainer+json',
  score: 'application/vnd.ims.lis.v1.score+json',
} as const;

/** Exactly one type counts: lists and quality values are what real platforms trip over. */
export function refuseAccept(
  incoming: Incoming,
  dialect: Dialect,
  mediaType: string,
): Reply | undefined {
  const accept = incoming.headers.accept;
  const isAnythingTaken = dialect.name === 'moodle' && mediaType === mediaTypes.lineItem;
  if (accept === mediaType || (accept === '*/*' && isAnythingTaken)) return undefined;
  return jsonReply(dialect.statuses.wrongAccept, {
    errors: [{ message: `No handler found for Accept "${accept ?? ''}".` }],
  });
}

export function refuseContentType(
  incoming: Incoming,
  dialect: Dialect,
  mediaType: string,
): Reply | undefined {
  const [contentType, parameter] = (incoming.headers['content-type'] ?? '').split(';');
  const isBare = parameter === undefined || dialect.name === 'moodle';
  if (contentType?.trim() === mediaType && isBare) return undefined;
  return jsonReply(dialect.statuses.wrongContentType, {
    errors: [{ message: `The Content-Type must be ${mediaType}.` }],
  });
}
