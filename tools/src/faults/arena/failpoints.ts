import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitUntil } from './wait-until.js';

/** Arms failpoints of single services; see libs/messaging/src/failpoint.ts. */
export class Failpoints {
  constructor(readonly folder: string) {}

  arm(service: string, point: string, order = 'kill'): void {
    mkdirSync(join(this.folder, service), { recursive: true });
    writeFileSync(join(this.folder, service, point), order);
  }

  /** True when somebody acted on it in time; else it is disarmed. */
  async fired(service: string, point: string, timeoutMs: number): Promise<boolean> {
    const file = join(this.folder, service, point);
    const isGone = await waitUntil(() => !existsSync(file), timeoutMs);
    rmSync(file, { force: true });
    return isGone;
  }
}
