/** Tells the relay of this process that a shard has something new, once it is committed. */
export class OutboxSignal {
  private readonly listeners = new Set<(shard: number) => void>();

  notify(shard: number): void {
    for (const listener of this.listeners) listener(shard);
  }

  /** Returns what ends the listening. */
  listen(listener: (shard: number) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
