import { Injectable } from '@nestjs/common';
import { OutboundClient } from '@parlance/platform';
import { importJWK, type JWK } from 'jose';
import { isObject } from './domain/claims.js';
import { LaunchRefused } from './domain/launch-refused.js';

export type VerificationKey = Awaited<ReturnType<typeof importJWK>>;

export interface KeySource {
  jwksUrl: string;
  allowPrivateHosts: boolean;
}

const FRESH_MS = 10 * 60_000;
/** Through an outage of the LMS the last keys it published stay good for this long. */
const LAST_GOOD_MS = 24 * 3_600_000;
/** A kid that a fresh set did not have is not asked for again at once. */
const UNKNOWN_KID_MS = 60_000;
/** Fetches of one set in a minute, whatever kids strangers put into tokens. */
const MAX_FETCHES_PER_MINUTE = 6;
const MAX_JWKS_BYTES = 262_144;
const MAX_REMEMBERED_KIDS = 200;
const MIN_MODULUS_BITS = 2048;

class KeySet {
  keys: JWK[] = [];
  fetchedAtMs = Number.NEGATIVE_INFINITY;
  fetching: Promise<void> | undefined;
  readonly unknownKids = new Map<string, number>();
  fetches: number[] = [];
}

/** The keys LMSs sign launches with, fetched seldom and never twice at the same time. */
@Injectable()
export class PlatformKeys {
  private readonly sets = new Map<string, KeySet>();

  constructor(private readonly outbound: OutboundClient) {}

  /**
   * The key of this id. Throws LaunchRefused: `kid_unknown`, `key_unsuitable`, or
   * `keys_unavailable` when the platform could not be asked.
   */
  async find(source: KeySource, kid: string): Promise<VerificationKey> {
    const set = this.setOf(source);
    if (Date.now() - set.fetchedAtMs > FRESH_MS) await this.refresh(set, source);
    let named = keysNamed(set, kid);
    if (named.length === 0 && mayAskFor(set, kid)) {
      await this.refresh(set, source);
      named = keysNamed(set, kid);
      if (named.length === 0) rememberUnknown(set, kid);
    }
    if (Date.now() - set.fetchedAtMs > LAST_GOOD_MS) throw new LaunchRefused('keys_unavailable');
    if (named.length === 0) throw new LaunchRefused('kid_unknown');
    const suitable = named.find(isSuitable);
    if (suitable === undefined) throw new LaunchRefused('key_unsuitable');
    const { kty, n, e } = suitable;
    return importJWK({ kty, n, e } as JWK, 'RS256').catch(() => {
      throw new LaunchRefused('key_unsuitable');
    });
  }

  private setOf({ jwksUrl, allowPrivateHosts }: KeySource): KeySet {
    const name = `${allowPrivateHosts} ${jwksUrl}`;
    const set = this.sets.get(name) ?? new KeySet();
    this.sets.set(name, set);
    return set;
  }

  /** Everybody who needs the set now waits for one fetch; a failed one leaves the old keys. */
  private async refresh(set: KeySet, source: KeySource): Promise<void> {
    const now = Date.now();
    if (set.fetching === undefined) {
      set.fetches = set.fetches.filter((at) => now - at < 60_000);
      if (set.fetches.length >= MAX_FETCHES_PER_MINUTE) return;
      set.fetches.push(now);
      set.fetching = this.fetchInto(set, source).finally(() => (set.fetching = undefined));
    }
    await set.fetching.catch(() => undefined);
  }

  private async fetchInto(set: KeySet, source: KeySource): Promise<void> {
    const { status, body } = await this.outbound.request({
      url: source.jwksUrl,
      purpose: 'fetch platform keys',
      headers: { accept: 'application/json' },
      allowPrivateHosts: source.allowPrivateHosts,
      maxBodyBytes: MAX_JWKS_BYTES,
    });
    const json: unknown = status === 200 ? JSON.parse(body) : undefined;
    if (!isObject(json) || !Array.isArray(json.keys)) return;
    set.keys = json.keys.filter(isObject).slice(0, 100) as JWK[];
    set.fetchedAtMs = Date.now();
    for (const { kid } of set.keys) set.unknownKids.delete(String(kid));
  }
}

function keysNamed(set: KeySet, kid: string): JWK[] {
  return set.keys.filter((key) => key.kid === kid);
}

function mayAskFor(set: KeySet, kid: string): boolean {
  return (set.unknownKids.get(kid) ?? 0) < Date.now();
}

function rememberUnknown(set: KeySet, kid: string): void {
  const [oldest] = set.unknownKids.keys();
  if (set.unknownKids.size >= MAX_REMEMBERED_KIDS && oldest !== undefined) {
    set.unknownKids.delete(oldest);
  }
  set.unknownKids.set(kid, Date.now() + UNKNOWN_KID_MS);
}

/** An RSA key for signatures by RS256, of 2048 bits or more. */
function isSuitable(key: JWK): boolean {
  const bytes = Buffer.from(typeof key.n === 'string' ? key.n : '', 'base64url');
  const leadingZeros = bytes.findIndex((byte) => byte !== 0);
  const bits = leadingZeros < 0 ? 0 : (bytes.length - leadingZeros) * 8;
  return (
    key.kty === 'RSA' &&
    (key.use === undefined || key.use === 'sig') &&
    (key.alg === undefined || key.alg === 'RS256') &&
    bits >= MIN_MODULUS_BITS
  );
}
