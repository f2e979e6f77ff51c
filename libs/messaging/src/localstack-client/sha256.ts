import { createHash, createHmac, createSecretKey, type KeyObject } from 'node:crypto';

type Data = string | ArrayBuffer | ArrayBufferView;

const keys = new WeakMap<object, KeyObject>();

/**
 * The hash of the SDK's signatures (its option `sha256`). The SDK signs for a whole day with one
 * key, and Node takes longer to prepare that than to sign: so it is prepared once.
 */
export class Sha256 {
  private hash: ReturnType<typeof createHash> | ReturnType<typeof createHmac>;

  constructor(private readonly secret?: Data) {
    this.hash = hashWith(secret);
  }

  update(data: string | Uint8Array, encoding?: BufferEncoding): void {
    if (typeof data === 'string') this.hash.update(data, encoding ?? 'utf8');
    else this.hash.update(data);
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.hash.digest());
  }

  reset(): void {
    this.hash = hashWith(this.secret);
  }
}

function hashWith(secret: Data | undefined) {
  if (secret === undefined) return createHash('sha256');
  if (typeof secret === 'string') return createHmac('sha256', secret);
  let key = keys.get(secret);
  if (!key) {
    const bytes = ArrayBuffer.isView(secret)
      ? Buffer.from(secret.buffer, secret.byteOffset, secret.byteLength)
      : Buffer.from(secret);
    key = createSecretKey(bytes);
    keys.set(secret, key);
  }
  return createHmac('sha256', key);
}
