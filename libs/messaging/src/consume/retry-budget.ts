/** Tries a dependency has in hand; each success earns a part of one. */
const FULL = 10;
const EARNED = 0.2;
/** Dependencies remembered; names come from code, so there are few. */
const MAX_NAMES = 200;

/**
 * Keeps retries from becoming a storm: while most calls of a dependency fail, its budget is soon
 * spent, and further tries wait as long as they may instead of soon.
 */
export class RetryBudget {
  private readonly left = new Map<string, number>();

  succeeded(dependency: string): void {
    const left = this.left.get(dependency);
    if (left === undefined) return;
    if (left + EARNED >= FULL) this.left.delete(dependency);
    else this.left.set(dependency, left + EARNED);
  }

  /** Whether another try soon is affordable; pays for it if so. */
  spend(dependency: string): boolean {
    const left = this.left.get(dependency) ?? FULL;
    if (left < 1) return false;
    if (this.left.size < MAX_NAMES || this.left.has(dependency)) {
      this.left.set(dependency, left - 1);
    }
    return true;
  }
}
