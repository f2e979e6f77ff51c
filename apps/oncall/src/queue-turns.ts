/**
 * Who looks into a queue hides its letters from others meanwhile, so all take turns. Fair: who
 * asked first looks first.
 */
export class QueueTurns {
  private readonly last = new Map<string, Promise<void>>();

  take<T>(queue: string, work: () => Promise<T>): Promise<T> {
    const turn = this.ended(queue).then(work);
    const end = turn.then(
      () => undefined,
      () => undefined,
    );
    this.last.set(queue, end);
    void end.then(() => {
      if (this.last.get(queue) === end) this.last.delete(queue);
    });
    return turn;
  }

  /** Resolves when nobody who has asked so far is at the queue any more. */
  ended(queue: string): Promise<void> {
    return this.last.get(queue) ?? Promise.resolve();
  }
}
