import type { SNSClient } from '@aws-sdk/client-sns';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Wire } from './wire.js';

type Client = SNSClient | SQSClient;
type Input = { QueueUrl?: string };
type Output = object & { $metadata: object };

/** Where a request goes. */
interface Place {
  protocol: string;
  hostname: string;
  port?: number | undefined;
  path: string;
}

const direct = new WeakSet<object>();
const bounded = new WeakMap<object, { command: object; abortSignal: AbortSignal }>();
/** Inputs of calls that are the SDK's to make. */
const left = new WeakSet<object>();

/** Options for `client.send(command, …)` by which the signal breaks the call off, on any client. */
export function until(
  client: Client,
  command: { input: object },
  abortSignal: AbortSignal,
): { abortSignal: AbortSignal } | undefined {
  if (!direct.has(client)) return { abortSignal };
  // As an option it would make the SDK put the chain of its middlewares together anew.
  bounded.set(command.input, { command, abortSignal });
  return undefined;
}

/**
 * Lets the client write and read the calls of the wire as what they are on it, which takes a fifth
 * of the time that the SDK's schemas, rules and retries take. Credentials, region, signing and
 * connections remain the client's. Whatever is not plain success, the SDK does again in its own
 * way, with its retries, errors and corrections of the clock; all of them may be done twice.
 */
export function callDirectly(client: Client, wire: Wire): void {
  const calls = new DirectCalls(client, wire);
  direct.add(client);
  const { middlewareStack } = client as SQSClient;
  middlewareStack.add(
    (next, context) => async (args) => {
      const operation = wire.operations.get(context.commandName ?? '');
      if (operation === undefined || left.has(args.input)) return next(args);
      const bound = bounded.get(args.input);
      bounded.delete(args.input);
      bound?.abortSignal.throwIfAborted();
      const output = await calls.send(operation, args.input as Input, bound?.abortSignal);
      if (output) return { response: {}, output: output as never };
      if (!bound) return next(args);
      // From its beginning: the SDK breaks off only what it was told to when the call was made.
      left.add(args.input);
      const { command, abortSignal } = bound;
      const answer = (client as SQSClient).send(command as never, { abortSignal });
      return {
        response: {},
        output: (await answer.finally(() => left.delete(args.input))) as never,
      };
    },
    // After what others add to the step, so that they see these calls like any other.
    { step: 'initialize', priority: 'low', name: 'directCalls' },
  );
}

class DirectCalls {
  private readonly config: Client['config'];
  private signer: ReturnType<Client['config']['signer']> | undefined;
  private servicePlace: Promise<Place> | undefined;

  constructor(
    client: Client,
    private readonly wire: Wire,
  ) {
    this.config = client.config;
  }

  /** The answer, or undefined when it is no success. Rejects when it was broken off. */
  async send(
    operation: string,
    input: Input,
    signal: AbortSignal | undefined,
  ): Promise<Output | undefined> {
    try {
      const request = await this.signed(operation, input);
      const options = signal ? { abortSignal: signal } : {};
      const { response } = await this.config.requestHandler.handle(request as never, options);
      const text = await textOf(response.body as AsyncIterable<Uint8Array>);
      if (response.statusCode !== 200) return undefined;
      const requestId = response.headers['x-amzn-requestid'];
      const $metadata = { httpStatusCode: 200, requestId, attempts: 1 };
      return { ...this.wire.output(text), $metadata };
    } catch {
      signal?.throwIfAborted();
      return undefined;
    }
  }

  private async signed(operation: string, input: Input) {
    this.signer ??= this.config.signer();
    const signer = await this.signer;
    const body = this.wire.body(operation, input);
    const { protocol, hostname, port, path } = await this.placeOf(input);
    const request = {
      method: 'POST',
      protocol,
      hostname,
      ...(port !== undefined && { port }),
      path,
      query: {},
      headers: {
        host: port === undefined ? hostname : `${hostname}:${port}`,
        'content-length': String(Buffer.byteLength(body)),
        ...this.wire.headers(operation),
      },
      body,
    };
    const signingDate = new Date(Date.now() + this.config.systemClockOffset);
    return signer.sign(request as never, { signingDate });
  }

  /** The endpoint that was configured, else the host of the queue's URL, else the service's. */
  private placeOf({ QueueUrl }: Input): Place | Promise<Place> {
    if (QueueUrl !== undefined && !this.config.endpoint) return placeAt(new URL(QueueUrl));
    return (this.servicePlace ??= this.findServicePlace());
  }

  private async findServicePlace(): Promise<Place> {
    const { config } = this;
    if (config.endpoint) return config.endpoint();
    const parameters = {
      Region: await config.region(),
      UseFIPS: await config.useFipsEndpoint(),
      UseDualStack: await config.useDualstackEndpoint(),
    };
    return placeAt(config.endpointProvider(parameters).url);
  }
}

function placeAt({ protocol, hostname, port }: URL): Place {
  return { protocol, hostname, port: port === '' ? undefined : Number(port), path: '/' };
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
