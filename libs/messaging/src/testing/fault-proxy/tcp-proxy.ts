import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

export interface TcpProxyOptions {
  /** Where connections lead to, on loopback. */
  upstreamPort: number;
  /** A free one by default. */
  port?: number;
}

/** Carries the bytes of connections to another port, late or not at all: for PostgreSQL. */
export class TcpProxy {
  private readonly pairs = new Set<readonly [Socket, Socket]>();
  private readonly server: Server;
  private latencyMs = 0;
  private isCut = false;
  private refusedCount = 0;

  constructor(private readonly options: TcpProxyOptions) {
    this.server = createServer({ allowHalfOpen: true }, (inner) => this.join(inner));
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(this.options.port ?? 0, '127.0.0.1', resolve);
    });
    return this;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Connections now open, and how many were turned away. */
  stats(): { open: number; refused: number } {
    return { open: this.pairs.size, refused: this.refusedCount };
  }

  /** Every piece of data is late by so much, in both directions and in order. */
  delay(latencyMs: number): void {
    this.latencyMs = latencyMs;
  }

  /** While true all connections are reset, and so is every new one. */
  cut(isOn: boolean): void {
    this.isCut = isOn;
    if (isOn) this.reset();
  }

  /** Resets the connections there are. */
  reset(): void {
    for (const pair of this.pairs) for (const socket of pair) socket.resetAndDestroy();
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const pair of this.pairs) for (const socket of pair) socket.destroy();
    await closed;
  }

  private join(inner: Socket): void {
    if (this.isCut) {
      this.refusedCount += 1;
      inner.on('error', () => undefined);
      inner.resetAndDestroy();
      return;
    }
    const outer = connect({
      port: this.options.upstreamPort,
      host: '127.0.0.1',
      allowHalfOpen: true,
    });
    const pair = [inner, outer] as const;
    this.pairs.add(pair);
    this.carry(inner, outer);
    this.carry(outer, inner);
    for (const socket of pair) {
      socket.setNoDelay(true);
      // When one end breaks, the other must learn of it.
      socket.on('error', () => pair.forEach((one) => one.resetAndDestroy()));
      socket.on('close', () => {
        this.pairs.delete(pair);
        pair.forEach((one) => one.destroy());
      });
    }
  }

  private carry(from: Socket, to: Socket): void {
    const waiting: { at: number; send: () => void }[] = [];
    let timer: NodeJS.Timeout | undefined;
    const sendDue = () => {
      timer = undefined;
      while (waiting[0] && waiting[0].at <= performance.now()) waiting.shift()?.send();
      if (waiting[0]) timer = setTimeout(sendDue, waiting[0].at - performance.now());
    };
    // One line for data and end, so that a change of the latency lets nothing overtake.
    const pass = (send: () => void) => {
      const at = Math.max(performance.now() + this.latencyMs, waiting.at(-1)?.at ?? 0);
      if (waiting.length === 0 && this.latencyMs === 0) return send();
      waiting.push({ at, send });
      timer ??= setTimeout(sendDue, at - performance.now());
    };
    from.on('data', (chunk: Buffer) => {
      pass(() => {
        if (to.write(chunk)) return;
        from.pause();
        to.once('drain', () => from.resume());
      });
    });
    from.on('end', () => pass(() => to.end()));
    from.on('close', () => clearTimeout(timer));
  }
}

export function startTcpProxy(options: TcpProxyOptions): Promise<TcpProxy> {
  return new TcpProxy(options).listen();
}
