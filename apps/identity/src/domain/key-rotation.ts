/** A signing key's life: verifiers learn it, tokens are signed with it, old tokens run out. */
export type KeyState = 'published' | 'active' | 'retiring';

export interface KeyAge {
  kid: string;
  state: KeyState;
  since: Date;
}

export type RotationStep =
  | { do: 'create'; state: 'published' | 'active' }
  | { do: 'activate'; kid: string }
  | { do: 'retire'; kid: string }
  | { do: 'remove'; kid: string };

const HOUR_MS = 3_600_000;
/** Longer than any verifier keeps a key set, so that all know a key before it signs. */
export const PUBLISHED_MS = HOUR_MS;
export const ACTIVE_MS = 30 * 24 * HOUR_MS;
/** Far longer than an access token lives. */
export const RETIRING_MS = 24 * HOUR_MS;

/** What is due now, in the order in which it must be done; nothing when all is well. */
export function planRotation(keys: readonly KeyAge[], now: Date): RotationStep[] {
  const age = (key: KeyAge) => now.getTime() - key.since.getTime();
  const active = keys.find((key) => key.state === 'active');
  const published = keys.find((key) => key.state === 'published');
  const steps: RotationStep[] = keys
    .filter((key) => key.state === 'retiring' && age(key) >= RETIRING_MS)
    .map((key) => ({ do: 'remove', kid: key.kid }));
  if (published !== undefined && (active === undefined || age(published) >= PUBLISHED_MS)) {
    if (active !== undefined) steps.push({ do: 'retire', kid: active.kid });
    steps.push({ do: 'activate', kid: published.kid });
  } else if (active === undefined) {
    steps.push({ do: 'create', state: 'active' });
  } else if (published === undefined && age(active) >= ACTIVE_MS) {
    steps.push({ do: 'create', state: 'published' });
  }
  return steps;
}
