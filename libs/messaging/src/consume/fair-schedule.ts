/** What can be scheduled. */
export interface Scheduled {
  /** Those of one line run one at a time, first come first. */
  readonly line: string;
  readonly tenant: string;
}

interface Tenant<T> {
  /** Lines whose first member may start. */
  readonly ready: string[];
  readonly lines: Map<string, T[]>;
  running: number;
}

/**
 * Decides what starts next: tenants take turns, and one that already runs its share waits as long
 * as another has work. A tenant alone may use everything.
 */
export class FairSchedule<T extends Scheduled> {
  private readonly tenants = new Map<string, Tenant<T>>();
  private readonly busyLines = new Set<string>();
  private waitingCount = 0;
  private readonly share: number;

  constructor(concurrency: number) {
    this.share = Math.max(2, Math.ceil(concurrency / 4));
  }

  get waiting(): number {
    return this.waitingCount;
  }

  /** Whether `next` would give something. */
  get isAnyReady(): boolean {
    return [...this.tenants.values()].some((tenant) => tenant.ready.length > 0);
  }

  add(item: T): void {
    const tenant = this.tenantOf(item.tenant);
    const line = tenant.lines.get(item.line);
    if (line) line.push(item);
    else tenant.lines.set(item.line, [item]);
    if (!line && !this.busyLines.has(item.line)) tenant.ready.push(item.line);
    this.waitingCount += 1;
  }

  /** Takes the next to start, or undefined when nothing can. Call `finished` when it is done. */
  next(): T | undefined {
    let chosen: [string, Tenant<T>] | undefined;
    for (const entry of this.tenants) {
      if (entry[1].ready.length === 0) continue;
      if (entry[1].running < this.share) {
        chosen = entry;
        break;
      }
      if (!chosen || entry[1].running < chosen[1].running) chosen = entry;
    }
    if (!chosen) return undefined;
    const [name, tenant] = chosen;
    // To the end of the round: a Map keeps the order of insertion.
    this.tenants.delete(name);
    this.tenants.set(name, tenant);
    const lineName = tenant.ready.shift() as string;
    const line = tenant.lines.get(lineName) as T[];
    const item = line.shift() as T;
    if (line.length === 0) tenant.lines.delete(lineName);
    this.busyLines.add(lineName);
    tenant.running += 1;
    this.waitingCount -= 1;
    return item;
  }

  finished(item: T): void {
    const tenant = this.tenantOf(item.tenant);
    tenant.running -= 1;
    this.busyLines.delete(item.line);
    if (tenant.lines.has(item.line)) tenant.ready.push(item.line);
    else if (tenant.running === 0 && tenant.lines.size === 0) this.tenants.delete(item.tenant);
  }

  /** Takes out everything that has not started, or of it what `isUnwanted` says. */
  remove(isUnwanted: (item: T) => boolean = () => true): T[] {
    const removed: T[] = [];
    for (const [tenantName, tenant] of this.tenants) {
      for (const [name, line] of tenant.lines) {
        const kept = line.filter((item) => !isUnwanted(item));
        if (kept.length === line.length) continue;
        removed.push(...line.filter(isUnwanted));
        if (kept.length > 0) tenant.lines.set(name, kept);
        else {
          tenant.lines.delete(name);
          const at = tenant.ready.indexOf(name);
          if (at >= 0) tenant.ready.splice(at, 1);
        }
      }
      if (tenant.running === 0 && tenant.lines.size === 0) this.tenants.delete(tenantName);
    }
    this.waitingCount -= removed.length;
    return removed;
  }

  private tenantOf(name: string): Tenant<T> {
    let tenant = this.tenants.get(name);
    if (!tenant) {
      tenant = { ready: [], lines: new Map(), running: 0 };
      this.tenants.set(name, tenant);
    }
    return tenant;
  }
}
