import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Loaded into every process of the arena before anything else: sets the wall clock of one service
 * wrong by what its file in PARLANCE_CLOCKS says, in milliseconds, while it runs. Timers and
 * performance.now() go on undisturbed, as they do when a machine's clock is set.
 */
const service = /\/apps\/([a-z]+)\/dist\//.exec(process.argv[1] ?? '')?.[1];
const { PARLANCE_CLOCKS: folder } = process.env;

if (folder !== undefined && service !== undefined) {
  const RightDate = Date;
  let offsetMs = 0;

  class SetDate extends RightDate {
    constructor(...given: unknown[]) {
      // As many arguments as came: Date counts them.
      super(...((given.length === 0 ? [SetDate.now()] : given) as [number]));
    }

    static override now(): number {
      return RightDate.now() + offsetMs;
    }

    static override [Symbol.hasInstance](value: unknown): boolean {
      return Object.prototype.toString.call(value) === '[object Date]';
    }
  }

  globalThis.Date = SetDate as unknown as DateConstructor;
  setInterval(() => {
    try {
      offsetMs = Number(readFileSync(join(folder, service), 'utf8'));
    } catch {
      offsetMs = 0;
    }
  }, 250).unref();
}
