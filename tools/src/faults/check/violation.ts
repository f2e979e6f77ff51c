/**
 * `lost`: accepted, without effect. `phantom`: an effect nobody is known to have caused, or which
 * was refused. `duplicate`: more than one effect. `overtaken`: something older stands where
 * something newer was committed. The others are wrong in themselves.
 */
export const VIOLATION_KINDS = [
  'lost',
  'phantom',
  'duplicate',
  'overtaken',
  'trace',
  'letter',
  'sum',
] as const;

export type ViolationKind = (typeof VIOLATION_KINDS)[number];

export interface Violation {
  kind: ViolationKind;
  invariant: 'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I6' | 'I7';
  /** What is wrong, with the ids to look for. */
  about: string;
  /** What `npm run trace` can be asked about. */
  lookFor: string;
}

export function violation(
  kind: ViolationKind,
  invariant: Violation['invariant'],
  lookFor: string,
  about: string,
): Violation {
  return { kind, invariant, about, lookFor };
}
