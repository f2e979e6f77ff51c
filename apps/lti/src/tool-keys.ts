import { randomBytes } from 'node:crypto';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from '@parlance/platform';
import { exportJWK, generateKeyPair, importJWK, type JWK, type JWTPayload, SignJWT } from 'jose';
import { type Purpose, type ToolKeyRow, ToolKeyStore } from './db/tool-key.store.js';
import { LTI_CONFIG, type LtiConfig } from './lti-config.js';
import { seal, secretId, unseal } from './sealed.js';

const ALGORITHM: Record<Purpose, 'RS256' | 'ES256'> = { tool: 'RS256', assertion: 'ES256' };

/** How long others may keep our published keys. */
export const JWKS_MAX_AGE_SECONDS = 3600;
const HOUR_MS = 3_600_000;
/** Published this long before it signs, so that every cache has it by then. */
const STAGE_MS: Record<Purpose, number> = { tool: 24 * HOUR_MS, assertion: 2 * HOUR_MS };
/** Still published this long after the next key took over: Moodle keeps a key set for days. */
const RETIRE_MS = 7 * 24 * HOUR_MS;
/** A rotation by another process is noticed after at most this long. */
const REREAD_MS = 60_000;

interface Loaded {
  rows: ToolKeyRow[];
  readAtMs: number;
}

/**
 * Our own signing keys. A key is published, signs from a later moment on, and stays published for
 * a while after the next one has taken over; the moments are set when it is made, so no job moves
 * it along.
 */
@Injectable()
export class ToolKeys implements OnModuleInit {
  private readonly loaded = new Map<Purpose, Promise<Loaded>>();
  private readonly privateKeys = new Map<string, ReturnType<typeof importJWK>>();

  constructor(
    private readonly database: Database,
    private readonly store: ToolKeyStore,
    @Inject(LTI_CONFIG) private readonly config: LtiConfig,
  ) {}

  /** The first keys sign at once; nobody can have cached an older set. */
  async onModuleInit(): Promise<void> {
    for (const purpose of ['tool', 'assertion'] as const) {
      await this.database.outsideInstitutions(async (tx) => {
        await this.store.lock(tx, purpose);
        const rows = await this.store.live(tx, purpose);
        if (rows.length > 0) return;
        await this.store.add(tx, purpose, await this.make(purpose, new Date()));
      });
    }
  }

  async publicKeys(purpose: Purpose): Promise<{ keys: JWK[] }> {
    const { rows } = await this.load(purpose);
    return { keys: rows.map((row) => row.public_jwk) };
  }

  /** Stages the next key. One at a time: while a key waits for its turn none is added. */
  async rotate(purpose: Purpose): Promise<{ kid: string; signsFrom: Date }> {
    const signsFrom = new Date(Date.now() + STAGE_MS[purpose]);
    const key = await this.make(purpose, signsFrom);
    const staged = await this.database.outsideInstitutions(async (tx) => {
      await this.store.lock(tx, purpose);
      const [newest] = await this.store.live(tx, purpose);
      if (newest !== undefined && newest.signs_from > new Date()) return newest;
      await this.store.add(tx, purpose, key);
      const goneAt = new Date(signsFrom.getTime() + RETIRE_MS);
      await this.store.retireOthers(tx, purpose, key.kid, goneAt);
      return key;
    });
    this.loaded.delete(purpose);
    return { kid: staged.kid, signsFrom: staged.signs_from };
  }

  async sign(purpose: Purpose, payload: JWTPayload): Promise<string> {
    const { rows } = await this.load(purpose);
    const now = new Date();
    const row = rows.find(({ signs_from: from }) => from <= now);
    if (row === undefined) throw new Error(`No ${purpose} key signs yet.`);
    const header = { alg: ALGORITHM[purpose], typ: 'JWT', kid: row.kid };
    return new SignJWT(payload)
      .setProtectedHeader(header)
      .sign(await this.privateKey(purpose, row));
  }

  private async load(purpose: Purpose): Promise<Loaded> {
    const known = this.loaded.get(purpose);
    if (known !== undefined) {
      const loaded = await known;
      if (Date.now() - loaded.readAtMs < REREAD_MS) return loaded;
    }
    const reading = this.database
      .outsideInstitutions((tx) => this.store.live(tx, purpose))
      .then((rows) => ({ rows, readAtMs: Date.now() }));
    this.loaded.set(purpose, reading);
    // A failed read must not be the answer for a minute.
    reading.catch(() => this.loaded.delete(purpose));
    return reading;
  }

  private privateKey(purpose: Purpose, row: ToolKeyRow): ReturnType<typeof importJWK> {
    const known = this.privateKeys.get(row.kid);
    if (known !== undefined) return known;
    const jwk = JSON.parse(unseal(row.sealed_private, this.config.keySecret, row.kid)) as JWK;
    const key = importJWK(jwk, ALGORITHM[purpose]);
    this.privateKeys.set(row.kid, key);
    return key;
  }

  private async make(purpose: Purpose, signsFrom: Date) {
    const alg = ALGORITHM[purpose];
    const options = { extractable: true, modulusLength: 2048 };
    const pair = await generateKeyPair(alg, options);
    const kid = randomBytes(16).toString('base64url');
    const publicJwk = { ...(await exportJWK(pair.publicKey)), kid, alg, use: 'sig' };
    const privateJwk = JSON.stringify(await exportJWK(pair.privateKey));
    return {
      kid,
      public_jwk: publicJwk,
      sealed_private: seal(privateJwk, this.config.keySecret, kid),
      secret_id: secretId(this.config.keySecret),
      signs_from: signsFrom,
    };
  }
}
