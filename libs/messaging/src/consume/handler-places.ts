/**
 * How many handlers a service may run at once, over all its queues: each needs a connection to one
 * database. A place that becomes free is offered to the queues in turn.
 */
export class HandlerPlaces {
  private readonly members: (() => void)[] = [];
  private taken = 0;

  /** `places` is asked every time: the number follows how the handlers fare. */
  constructor(private readonly places: () => number) {}

  get isFree(): boolean {
    return this.taken < this.places();
  }

  /** `fill` is called whenever a place is free; it takes as many as it has work for. */
  join(fill: () => void): void {
    this.members.push(fill);
  }

  take(): boolean {
    if (!this.isFree) return false;
    this.taken += 1;
    return true;
  }

  give(): void {
    this.taken -= 1;
    for (const fill of [...this.members]) {
      if (!this.isFree) return;
      // Whoever is asked now is asked last the next time.
      this.members.push(...this.members.splice(this.members.indexOf(fill), 1));
      fill();
    }
  }
}
