/** What the proxy can do to traffic, each with the probability of its name in FaultSettings. */
export const FAULT_NAMES = [
  /** A published entry reaches the topic twice. */
  'duplicatePublish',
  /** A received message is put on its queue again, one to `maxCopies` times; once per event. */
  'duplicateReceive',
  /** A received message changes its place within the answer. */
  'shuffle',
  /** A received message is kept from the answer and comes seconds later; at most twice per event. */
  'holdBack',
  /** An answer is late, by up to `delayMs`. */
  'delay',
  /** A call is answered with the service's word for "too many", and not forwarded. */
  'throttle',
  /** An entry of a batch is not forwarded and answered as failed, by no fault of the sender. */
  'failEntry',
  /** A published entry is delivered and answered as failed. */
  'failDelivered',
  /** A publish is delivered and answered with an error. */
  'failPublishAnswer',
  /** A deletion is not forwarded and answered as done. */
  'loseDelete',
  /** A deletion is done, and its answer never arrives. */
  'loseDeleteAnswer',
  /** A deletion is not forwarded and answered with an error of the server. */
  'refuseDelete',
  /** The connection breaks before a call is forwarded. */
  'dropBefore',
  /** The connection breaks after a call was forwarded: the caller does not know. */
  'dropAfter',
] as const;

export type FaultName = (typeof FAULT_NAMES)[number];

export interface FaultSettings extends Record<FaultName, number> {
  /** Every answer is late by so much. */
  latencyMs: number;
  /** Longest a `delay` lasts. */
  delayMs: number;
  /** Longest a message is held back, in seconds. */
  holdBackSeconds: number;
  /** Most copies of a received message. */
  maxCopies: number;
}

/** Nothing happens but what AWS itself would refuse. */
export const NO_FAULTS: FaultSettings = {
  ...(Object.fromEntries(FAULT_NAMES.map((name) => [name, 0])) as Record<FaultName, number>),
  latencyMs: 0,
  delayMs: 300,
  holdBackSeconds: 3,
  maxCopies: 5,
};

/** The settings with some of them changed; an Error names a probability that is none. */
export function withSettings(
  before: FaultSettings,
  changes: Partial<FaultSettings>,
): FaultSettings {
  for (const [name, value] of Object.entries(changes)) {
    const isRate = (FAULT_NAMES as readonly string[]).includes(name);
    if (!(name in NO_FAULTS)) throw new Error(`There is no fault "${name}".`);
    if (!(value >= 0) || (isRate && value > 1)) {
      throw new Error(`${name} must be ${isRate ? 'a probability from 0 to 1' : 'at least 0'}.`);
    }
  }
  return { ...before, ...changes };
}
