/** Lets a fixed number of holders in; the others wait in line. */
export class Semaphore {
  private readonly waiting: (() => void)[] = [];
  private taken = 0;

  constructor(private readonly places: number) {}

  get inUse(): number {
    return this.taken;
  }

  /** Resolves with what gives the place back; giving it back twice does nothing. */
  async acquire(): Promise<() => void> {
    if (this.taken >= this.places) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.taken += 1;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      const next = this.waiting.shift();
      // The place goes straight to the next in line, so nobody can slip in between.
      if (next) next();
      else this.taken -= 1;
    };
  }
}
