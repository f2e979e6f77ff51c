import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { pause } from '../../backoff.js';
import { type AwsCall, type RawCall, readCall } from './aws-call.js';
import { type Decision, Decisions } from './decisions.js';
import { type FaultName, type FaultSettings, NO_FAULTS, withSettings } from './fault-settings.js';
import { credentialFault, violation } from './limits.js';
import { CUT, errorReply, type Reply, type ReplyOrCut } from './replies.js';
import { SnsDoor } from './sns-door.js';
import { type DoorParts, SqsDoor } from './sqs-door.js';
import { sqsCallFault } from './sqs-limits.js';
import { type Seen, Traffic } from './traffic.js';
import { Upstream } from './upstream.js';

export interface FaultProxyOptions {
  /** Address of the emulator. */
  upstream: string;
  seed: number;
  /** A free one by default. */
  port?: number;
  faults?: Partial<FaultSettings>;
}

export interface FaultJournal {
  seed: number;
  /** Calls by action. */
  calls: Record<string, number>;
  /** Faults injected, by name. */
  faults: Partial<Record<FaultName, number>>;
  /** Calls and entries AWS would refuse, by error code. */
  refused: Record<string, number>;
  /** Messages with more attributes than raw delivery takes: accepted and thrown away. */
  discarded: number;
  /** Connections reset because of a partition, before a call was read. */
  turnedAway: number;
  seen: Seen;
  /** The first of the faults injected. */
  decisions: readonly Decision[];
}

/**
 * Stands between AWS clients and the emulator, on loopback: as strict as AWS where the emulator is
 * kind, and as unkind as it is told to be. With one seed the same things happen to the same
 * messages, whatever else goes on.
 */
export class FaultProxy {
  private settings: FaultSettings;
  private isPartitioned = false;
  private turnedAway = 0;
  private readonly decisions: Decisions;
  private readonly traffic = new Traffic();
  private readonly upstream: Upstream;
  private readonly sqs: SqsDoor;
  private readonly sns: SnsDoor;
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();

  constructor(private readonly options: FaultProxyOptions) {
    this.settings = withSettings(NO_FAULTS, options.faults ?? {});
    this.upstream = new Upstream(options.upstream);
    this.decisions = new Decisions(options.seed, () => this.settings);
    const parts: DoorParts = {
      upstream: this.upstream,
      decisions: this.decisions,
      traffic: this.traffic,
      settings: () => this.settings,
      address: () => this.endpoint,
    };
    this.sqs = new SqsDoor(parts);
    this.sns = new SnsDoor(parts);
    this.server = createServer((request, response) => void this.receive(request, response));
    this.server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
      socket.on('error', () => undefined);
      if (!this.isPartitioned) return;
      this.turnedAway += 1;
      socket.resetAndDestroy();
    });
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(this.options.port ?? 0, '127.0.0.1', resolve);
    });
    return this;
  }

  /** For `AWS_ENDPOINT_URL`. */
  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo | null)?.port}`;
  }

  get seed(): number {
    return this.options.seed;
  }

  /** Changes what happens from now on; what is not named stays. */
  set(changes: Partial<FaultSettings>): void {
    this.settings = withSettings(this.settings, changes);
  }

  /** Nothing more happens. */
  calm(): void {
    this.settings = NO_FAULTS;
    this.partition(false);
  }

  /** While true every connection is reset, and so is every new one. */
  partition(isOn: boolean): void {
    this.isPartitioned = isOn;
    if (isOn) this.reset();
  }

  /** Resets the connections there are. */
  reset(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  journal(): FaultJournal {
    const { calls, refused, discarded, seen } = this.traffic;
    return {
      seed: this.seed,
      calls: { ...calls },
      faults: this.decisions.tally(),
      refused: { ...refused },
      discarded,
      turnedAway: this.turnedAway,
      seen: { ...seen },
      decisions: this.decisions.made,
    };
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const socket of this.sockets) socket.destroy();
    await closed;
    this.upstream.close();
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    let answer: ReplyOrCut;
    try {
      answer = await this.answer(await rawCall(request), gone.signal);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      // With a code it is the network's: the emulator is away, or the caller is.
      const fault = violation('ProxyFailure', message, 500);
      answer = code === undefined ? errorReply('s3', fault) : CUT;
    }
    if (answer === CUT) return void request.socket.destroy();
    response.writeHead(answer.status, {
      ...answer.headers,
      'content-length': answer.body.byteLength,
    });
    response.end(answer.body);
  }

  private async answer(raw: RawCall, signal: AbortSignal): Promise<ReplyOrCut> {
    if (this.settings.latencyMs > 0) await pause(this.settings.latencyMs, signal);
    const call = readCall(raw);
    this.traffic.called(call.action);
    const refusal = this.refusal(call);
    if (refusal) return refusal;
    const identity = this.identityOf(call);
    if (this.decisions.happens('dropBefore', identity)) return CUT;
    if (this.decisions.happens('throttle', identity)) return throttled(call);
    const answer = await this.pass(call, signal);
    if (this.decisions.happens('delay', identity)) {
      await pause(this.decisions.size('delay', identity, 1, this.settings.delayMs), signal);
    }
    return this.decisions.happens('dropAfter', identity) ? CUT : answer;
  }

  private pass(call: AwsCall, signal: AbortSignal): Promise<ReplyOrCut> {
    if (call.service === 'sqs') return this.sqs.pass(call, signal);
    if (call.service === 'sns') return this.sns.pass(call);
    return this.upstream.forward(call.raw, signal);
  }

  private refusal(call: AwsCall): Reply | undefined {
    const fault =
      credentialFault(call.raw, Date.now()) ??
      (call.service === 'sqs' ? sqsCallFault(call.action, call.input) : undefined);
    if (fault === undefined) return undefined;
    this.traffic.wasRefused(fault.code);
    return errorReply(call.service, fault);
  }

  private identityOf(call: AwsCall): string {
    if (call.service === 'sqs') return this.sqs.identityOf(call);
    return call.service === 'sns' ? this.sns.identityOf(call) : `${call.action} ${call.raw.path}`;
  }
}

/** Starts a proxy before the emulator; the seed is all it takes to start one that does the same. */
export function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  return new FaultProxy(options).listen();
}

async function rawCall(request: IncomingMessage): Promise<RawCall> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { method = 'GET', url: path = '/', headers } = request;
  return { method, path, headers, body: Buffer.concat(chunks) };
}

/** Each service has its own word for it. */
function throttled({ service, action }: AwsCall): Reply {
  const message = 'Rate exceeded.';
  if (service === 'sns') return errorReply('sns', violation('Throttled', message, 429));
  if (service === 's3') return errorReply('s3', violation('SlowDown', message, 503));
  const code = action === 'ReceiveMessage' ? 'OverLimit' : 'RequestThrottled';
  return errorReply('sqs', violation(code, message, 403));
}
