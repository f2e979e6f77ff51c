import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Made at the first start and kept with the data, readable by the owner alone. */
export interface Secrets {
  postgresPassword: string;
  databasePassword: string;
  operatorSecret: string;
  signingKeySecret: string;
  ltiKeySecret: string;
  /** Of the demo institution's people. */
  demoPassword: string;
}

export function secretsIn(folder: string): Secrets {
  const file = join(folder, 'secrets.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Secrets;
  const secret = (bytes: number) => randomBytes(bytes).toString('hex');
  const secrets: Secrets = {
    postgresPassword: secret(16),
    databasePassword: secret(16),
    operatorSecret: secret(32),
    signingKeySecret: secret(32),
    ltiKeySecret: secret(32),
    demoPassword: `demo-${secret(6)}`,
  };
  writeFileSync(file, JSON.stringify(secrets, null, 2), { mode: 0o600 });
  return secrets;
}
