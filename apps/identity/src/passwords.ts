import { Injectable } from '@nestjs/common';
import { Refusal } from '@parlance/kernel';
import argon2 from 'argon2';

/** OWASP's minimum for argon2id: 19 MiB, two passes, one lane. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Waiting longer than about two seconds for a hash is worse than being told to come back. */
const MAX_WAITING = 64;

/** Hashes and checks passwords, of known and unknown people in the same time. */
@Injectable()
export class Passwords {
  private readonly dummy = argon2.hash('nobody has this password', PARAMETERS);
  private waiting = 0;

  hash(password: string): Promise<string> {
    return this.queued(() => argon2.hash(password.normalize('NFC'), PARAMETERS));
  }

  /** False for a wrong password, and after as much work when there is no hash to compare with. */
  matches(hash: string | undefined, password: string): Promise<boolean> {
    return this.queued(async () => {
      const isRight = await argon2.verify(hash ?? (await this.dummy), password.normalize('NFC'));
      return isRight && hash !== undefined;
    });
  }

  /** Each hash takes 19 MiB and a thread: a flood of sign-ins must not take the service down. */
  private async queued<T>(work: () => Promise<T>): Promise<T> {
    if (this.waiting >= MAX_WAITING) {
      const detail = 'Many people are signing in right now; try again in a moment.';
      throw new Refusal('unavailable', 'sign-in-busy', detail, [], 3);
    }
    this.waiting += 1;
    try {
      return await work();
    } finally {
      this.waiting -= 1;
    }
  }
}
