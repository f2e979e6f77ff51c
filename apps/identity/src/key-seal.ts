import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { IDENTITY_CONFIG, type IdentityConfig } from './identity-config.js';

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Encrypts what must be stored but not read in a dump; one secret, one key for each purpose. */
@Injectable()
export class KeySeal {
  private readonly sealKey: Buffer;
  private readonly hashKey: Buffer;

  constructor(@Inject(IDENTITY_CONFIG) config: IdentityConfig) {
    const derive = (purpose: string) =>
      Buffer.from(hkdfSync('sha256', config.SIGNING_KEY_SECRET, 'parlance', purpose, 32));
    this.sealKey = derive('seal-signing-keys');
    this.hashKey = derive('hash-sign-in-failures');
  }

  /** AES-256-GCM: iv, tag, ciphertext. `name` is bound to it, so rows cannot be swapped. */
  seal(plain: string, name: string): Buffer {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.sealKey, iv).setAAD(Buffer.from(name));
    const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]);
  }

  open(sealed: Buffer, name: string): string {
    const iv = sealed.subarray(0, IV_BYTES);
    const tag = sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', this.sealKey, iv)
      .setAAD(Buffer.from(name))
      .setAuthTag(tag);
    const opened = [decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES)), decipher.final()];
    return Buffer.concat(opened).toString('utf8');
  }

  /** For addresses and accounts, which are too few to be hidden by a plain hash. */
  keyedHash(text: string): Buffer {
    return createHmac('sha256', this.hashKey).update(text).digest();
  }
}
