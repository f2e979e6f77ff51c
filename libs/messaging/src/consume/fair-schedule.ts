/** What can be scheduled. */
export interface Scheduled {
  /** Those of one line run one at a time, first come first. */
  readonly line: string;
  readonly tenant: string;
  readonly type: string;
}

/** What the schedule must know of the types, which change while it runs. */
export interface Lanes {
  /** Whether one more batch of the type may start. */
  isOpen(type: string): boolean;
  /** Most messages of the type that may start together. */
  batchSize(type: string): number;
  /** Milliseconds that one message of the type takes, as far as is known. */
  costMs(type: string): number;
}

interface Tenant<T> {
  /** By type, the lines whose first member may start. */
  readonly ready: Map<string, string[]>;
  readonly lines: Map<string, T[]>;
  /** Batches under way. */
  running: number;
  /** Handler time it was given, in milliseconds, on the common scale of all tenants. */
  servedMs: number;
}

/**
 * Decides what starts next. Whoever has the largest deficit of handler time goes first, so that an
 * institution with many or slow messages gets no more of it than others (deficit round-robin, with
 * one batch as the quantum); and one that already runs its share waits as long as another has work.
 * An institution alone may use everything.
 */
export class FairSchedule<T extends Scheduled> {
  private readonly tenants = new Map<string, Tenant<T>>();
  private readonly busyLines = new Set<string>();
  private waitingCount = 0;
  /** Handler time of whoever was served last: where those who come anew begin. */
  private clockMs = 0;

  constructor(
    private readonly concurrency: () => number,
    private readonly lanes: Lanes,
  ) {}

  get waiting(): number {
    return this.waitingCount;
  }

  add(item: T): void {
    const tenant = this.tenantOf(item.tenant);
    const line = tenant.lines.get(item.line);
    if (line) line.push(item);
    else tenant.lines.set(item.line, [item]);
    if (!line && !this.busyLines.has(item.line)) makeReady(tenant, item);
    this.waitingCount += 1;
  }

  /**
   * Takes what starts next, all of one tenant and type and each of another line; empty when nothing
   * may start. Call `finished` with it when it is done.
   */
  next(): T[] {
    const tenant = this.choose();
    if (!tenant) return [];
    const type = this.openType(tenant) as string;
    const ready = tenant.ready.get(type) as string[];
    const batch: T[] = [];
    for (const lineName of ready.splice(0, Math.max(1, this.lanes.batchSize(type)))) {
      const line = tenant.lines.get(lineName) as T[];
      batch.push(line.shift() as T);
      if (line.length === 0) tenant.lines.delete(lineName);
      this.busyLines.add(lineName);
    }
    // To the end of the round: a Map keeps the order of insertion.
    tenant.ready.delete(type);
    if (ready.length > 0) tenant.ready.set(type, ready);
    tenant.running += 1;
    this.clockMs = tenant.servedMs;
    tenant.servedMs += batch.length * this.lanes.costMs(type);
    this.waitingCount -= batch.length;
    return batch;
  }

  finished(batch: T[]): void {
    const [first] = batch;
    if (!first) return;
    const tenant = this.tenantOf(first.tenant);
    tenant.running -= 1;
    for (const { line } of batch) {
      this.busyLines.delete(line);
      const following = tenant.lines.get(line)?.[0];
      if (following) makeReady(tenant, following);
    }
    this.forgetIdle(first.tenant, tenant);
  }

  /** Takes out everything that has not started, or of it what `isUnwanted` says. */
  remove(isUnwanted: (item: T) => boolean = () => true): T[] {
    const removed: T[] = [];
    for (const [name, tenant] of this.tenants) {
      const before = removed.length;
      for (const [lineName, line] of tenant.lines) {
        const kept = line.filter((item) => !isUnwanted(item));
        if (kept.length === line.length) continue;
        removed.push(...line.filter(isUnwanted));
        if (kept.length > 0) tenant.lines.set(lineName, kept);
        else tenant.lines.delete(lineName);
      }
      if (removed.length === before) continue;
      tenant.ready.clear();
      for (const [lineName, [head]] of tenant.lines) {
        if (head && !this.busyLines.has(lineName)) makeReady(tenant, head);
      }
      this.forgetIdle(name, tenant);
    }
    this.waitingCount -= removed.length;
    return removed;
  }

  /** Least served first; over its share only when nobody else has work, and then who runs least. */
  private choose(): Tenant<T> | undefined {
    const share = Math.max(2, Math.ceil(this.concurrency() / 4));
    let within: Tenant<T> | undefined;
    let over: Tenant<T> | undefined;
    for (const tenant of this.tenants.values()) {
      if (tenant.ready.size === 0 || this.openType(tenant) === undefined) continue;
      if (tenant.running >= share) {
        if (!over || tenant.running < over.running) over = tenant;
      } else if (!within || tenant.servedMs < within.servedMs) within = tenant;
    }
    return within ?? over;
  }

  private openType(tenant: Tenant<T>): string | undefined {
    for (const type of tenant.ready.keys()) if (this.lanes.isOpen(type)) return type;
    return undefined;
  }

  private tenantOf(name: string): Tenant<T> {
    let tenant = this.tenants.get(name);
    if (!tenant) {
      tenant = { ready: new Map(), lines: new Map(), running: 0, servedMs: this.clockMs };
      this.tenants.set(name, tenant);
    }
    return tenant;
  }

  private forgetIdle(name: string, tenant: Tenant<T>): void {
    if (tenant.running === 0 && tenant.lines.size === 0) this.tenants.delete(name);
  }
}

function makeReady<T extends Scheduled>(tenant: Tenant<T>, head: T): void {
  const ready = tenant.ready.get(head.type);
  if (ready) ready.push(head.line);
  else tenant.ready.set(head.type, [head.line]);
}
