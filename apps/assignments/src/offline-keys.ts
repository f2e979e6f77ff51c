import { createHash, createPrivateKey, createPublicKey, hkdfSync } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type ServiceConfig } from '@parlance/platform';
import { CompactSign, compactVerify, exportJWK, type JWK } from 'jose';

/** PKCS #8 (RFC 8410) of an Ed25519 key, up to its 32 bytes. */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * Signs what a device takes along, so that it knows whose it is, and we know it again. The key
 * follows from the secret that all processes of the service share, so none is stored.
 */
@Injectable()
export class OfflineKeys {
  private readonly privateKey;
  private readonly publicKey;
  private readonly keyId: string;

  constructor(@Inject(CONFIG) { OPERATOR_SECRET }: ServiceConfig) {
    const seed = Buffer.from(
      hkdfSync('sha256', OPERATOR_SECRET, 'parlance', 'offline-bundles', 32),
    );
    const key = Buffer.concat([PKCS8_ED25519, seed]);
    this.privateKey = createPrivateKey({ key, format: 'der', type: 'pkcs8' });
    this.publicKey = createPublicKey(this.privateKey);
    const bytes = this.publicKey.export({ format: 'der', type: 'spki' });
    this.keyId = createHash('sha256').update(bytes).digest('base64url').slice(0, 16);
  }

  async jwks(): Promise<{ keys: JWK[] }> {
    const jwk = await exportJWK(this.publicKey);
    return { keys: [{ ...jwk, kid: this.keyId, alg: 'EdDSA', use: 'sig' }] };
  }

  /** A compact JWS; `type` keeps what was signed for one end from serving another. */
  sign(type: string, payload: object): Promise<string> {
    return new CompactSign(Buffer.from(JSON.stringify(payload)))
      .setProtectedHeader({ alg: 'EdDSA', kid: this.keyId, typ: type })
      .sign(this.privateKey);
  }

  /** What was signed here as that type; undefined when it was not. */
  async verified(type: string, jws: string): Promise<unknown> {
    try {
      const { payload, protectedHeader } = await compactVerify(jws, this.publicKey, {
        algorithms: ['EdDSA'],
      });
      return protectedHeader.typ === type ? JSON.parse(Buffer.from(payload).toString()) : undefined;
    } catch {
      return undefined;
    }
  }
}
