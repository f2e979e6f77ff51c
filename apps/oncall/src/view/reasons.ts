import type { DeadLetter } from '@parlance/messaging';

/** What an error code means to an engineer, and what usually helps. */
const REASONS: Record<string, string> = {
  'not-json':
    'The body is not JSON. No consumer will ever read it: find who sent it, then discard.',
  'no-envelope':
    'The body lacks what every event has. No consumer will ever read it: find who sent it, then ' +
    'discard.',
  'unstorable-text':
    'A text holds a character no database takes. Mend the producer; the letter itself stays as it ' +
    'is.',
  'unknown-type': 'The consumer does not know this event. Deploy one that does, then redrive.',
  'unknown-version':
    'The consumer does not know this version of the event. Deploy one that does, then redrive.',
  'not-consumed': 'The consumer has no part in this event: mend the filter of its queue.',
  schema: 'Its data does not fit the schema. Mend whichever of the two is wrong, then redrive.',
  'claim-check': 'Its data lies elsewhere and is not there, or is not what was put there.',
  unprocessable: 'The handler said that this can never succeed. Its log line says why.',
  'retries-exhausted': 'The handler failed every time. Mend it, then redrive.',
  'received-too-often':
    'It was received too often without an end, as when the process dies of it. Find out why ' +
    'before you redrive.',
  undelivered: 'SNS could not hand it to the queue. Once the queue takes messages again, redrive.',
  'refused-by-sns':
    'SNS refused it, so it never left its producer, and the later events of its key wait. Redrive ' +
    'to publish it again; discard to let the others pass.',
};

export function reasonText(errorCode: string): string {
  return REASONS[errorCode] ?? 'Why it failed stands in the log of the consumer.';
}

/** Who could not do what with a letter. */
export function kindText({ kind, service }: Pick<DeadLetter, 'kind' | 'service'>): string {
  if (kind === 'unhandled') return `${service} could not handle it`;
  return kind === 'undelivered'
    ? `SNS could not deliver it to ${service}`
    : `SNS refused it from ${service}`;
}
