import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { newId, Refusal, systemClock } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import { Database, LOGGER, TOKEN_ALGORITHM } from '@parlance/platform';
import type { Logger } from '@parlance/telemetry';
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import {
  insertSigningKey,
  lockSigningKeys,
  removeSigningKey,
  setKeyState,
  type SigningKeyRow,
} from './db/signing-key.store.js';
import { planRotation, type RotationStep } from './domain/key-rotation.js';
import { KeySeal } from './key-seal.js';

const LOOK_EVERY_MS = 60_000;

/** The platform's token-signing keys: made here, rotated by themselves, published as a JWKS. */
@Injectable()
export class SigningKeys implements OnModuleInit, OnModuleDestroy {
  private published: JWK[] = [];
  private active: { kid: string; key: CryptoKey } | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly seal: KeySeal,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.keepRotating();
    this.timer = setInterval(() => void this.lookAgain(), LOOK_EVERY_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** The public halves of all keys a valid token may be signed with, now or in an hour. */
  jwks(): { keys: JWK[] } {
    return { keys: this.published };
  }

  current(): { kid: string; key: CryptoKey } {
    if (this.active !== undefined) return this.active;
    throw new Refusal('unavailable', 'keys-unavailable', 'Sign-in is not ready yet.', [], 2);
  }

  /** Publishes the next key now; it signs from an hour later, when every verifier knows it. */
  async beginRotation(): Promise<{ kid: string }> {
    const next = await this.database.outsideInstitutions(async (tx) => {
      const keys = await lockSigningKeys(tx);
      const waiting = keys.find((key) => key.state === 'published');
      return waiting ?? (await this.create(tx, 'published', systemClock.now()));
    });
    await this.keepRotating();
    return { kid: next.kid };
  }

  private async lookAgain(): Promise<void> {
    try {
      await this.keepRotating();
    } catch (error) {
      this.logger.error({ error }, 'signing keys could not be looked after');
    }
  }

  private async keepRotating(): Promise<void> {
    const keys = await this.database.outsideInstitutions(async (tx) => {
      const before = await lockSigningKeys(tx);
      const now = systemClock.now();
      const steps = planRotation(before, now);
      for (const step of steps) await this.take(tx, step, now);
      return steps.length === 0 ? before : lockSigningKeys(tx);
    });
    const active = keys.find((key) => key.state === 'active');
    if (active === undefined) throw new Error('There is no active signing key.');
    if (active.kid !== this.active?.kid) this.active = await this.open(active);
    this.published = keys.map((key) => key.publicJwk);
  }

  private async take(tx: Tx, step: RotationStep, now: Date): Promise<void> {
    switch (step.do) {
      case 'create':
        await this.create(tx, step.state, now);
        break;
      case 'activate':
        await setKeyState(tx, step.kid, 'active', now);
        break;
      case 'retire':
        await setKeyState(tx, step.kid, 'retiring', now);
        break;
      case 'remove':
        await removeSigningKey(tx, step.kid);
        break;
    }
  }

  private async create(tx: Tx, state: 'published' | 'active', now: Date): Promise<SigningKeyRow> {
    const kid = newId();
    const pair = await generateKeyPair(TOKEN_ALGORITHM, { extractable: true });
    const described = { kid, alg: TOKEN_ALGORITHM, use: 'sig' };
    const publicJwk = { ...(await exportJWK(pair.publicKey)), ...described };
    const privateJwk = JSON.stringify({ ...(await exportJWK(pair.privateKey)), ...described });
    const sealedPrivateKey = this.seal.seal(privateJwk, kid);
    const row: SigningKeyRow = { kid, state, since: now, publicJwk, sealedPrivateKey };
    await insertSigningKey(tx, row);
    return row;
  }

  private async open(row: SigningKeyRow): Promise<{ kid: string; key: CryptoKey }> {
    let jwk: JWK;
    try {
      jwk = JSON.parse(this.seal.open(row.sealedPrivateKey, row.kid)) as JWK;
    } catch {
      throw new Error('SIGNING_KEY_SECRET is not the one the signing keys were sealed with.');
    }
    return { kid: row.kid, key: (await importJWK(jwk, TOKEN_ALGORITHM)) as CryptoKey };
  }
}
