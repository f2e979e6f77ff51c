import type {
  ReceiveMessageCommand,
  ReceiveMessageCommandOutput,
  SQSClient,
} from '@aws-sdk/client-sqs';

type Config = SQSClient['config'];
type Input = { QueueUrl?: string };
type Output = Partial<ReceiveMessageCommandOutput> & Pick<ReceiveMessageCommandOutput, '$metadata'>;

/** What every message pays a tenth of, by the name of the command. */
const OPERATIONS = new Map([
  ['ReceiveMessageCommand', 'ReceiveMessage'],
  ['DeleteMessageBatchCommand', 'DeleteMessageBatch'],
  ['ChangeMessageVisibilityBatchCommand', 'ChangeMessageVisibilityBatch'],
]);

const direct = new WeakSet<SQSClient>();
const signals = new WeakMap<object, AbortSignal>();

/** Receives until the signal breaks it off, from any client. */
export function receive(
  client: SQSClient,
  command: ReceiveMessageCommand,
  signal: AbortSignal,
): Promise<ReceiveMessageCommandOutput> {
  if (!direct.has(client)) return client.send(command, { abortSignal: signal });
  // As an option it would make the SDK put the chain of its middlewares together anew.
  signals.set(command.input, signal);
  return client.send(command);
}

/**
 * Lets the client write and read the calls of the consumer as the JSON that they are, which takes
 * a fifth of the time that the SDK's schemas, rules and retries take. Credentials, region, signing
 * and connections remain the client's. Whatever is not plain success, the SDK does again in its own
 * way, with its retries, errors and corrections of the clock; all three may be done twice.
 */
export function callDirectly(client: SQSClient): void {
  const calls = new DirectCalls(client.config);
  direct.add(client);
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const operation = OPERATIONS.get(context.commandName ?? '');
      if (operation === undefined) return next(args);
      const signal = signals.get(args.input);
      signal?.throwIfAborted();
      const output = await calls.send(operation, args.input as Input, signal);
      if (output) return { response: {}, output: output as ReceiveMessageCommandOutput };
      return signal ? unlessAborted(next(args), signal) : next(args);
    },
    // After what others add to the step, so that they see these calls like any other.
    { step: 'initialize', priority: 'low', name: 'directCalls' },
  );
}

class DirectCalls {
  private signer: ReturnType<Config['signer']> | undefined;

  constructor(private readonly config: Config) {}

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
      return outputOf(text, response.headers['x-amzn-requestid']);
    } catch {
      signal?.throwIfAborted();
      return undefined;
    }
  }

  private async signed(operation: string, input: Input) {
    this.signer ??= this.config.signer();
    const signer = await this.signer;
    const body = JSON.stringify(input);
    const { protocol, hostname, port, path } = await this.place(input);
    const request = {
      method: 'POST',
      protocol,
      hostname,
      ...(port !== undefined && { port }),
      path,
      query: {},
      headers: {
        host: port === undefined ? hostname : `${hostname}:${port}`,
        'content-type': 'application/x-amz-json-1.0',
        'content-length': String(Buffer.byteLength(body)),
        'x-amz-target': `AmazonSQS.${operation}`,
      },
      body,
    };
    const signingDate = new Date(Date.now() + this.config.systemClockOffset);
    return signer.sign(request as never, { signingDate });
  }

  /** The endpoint that was configured, else the host of the queue's URL. */
  private async place({ QueueUrl = '' }: Input) {
    if (this.config.endpoint) return this.config.endpoint();
    const { protocol, hostname, port } = new URL(QueueUrl);
    return { protocol, hostname, port: port === '' ? undefined : Number(port), path: '/' };
  }
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function outputOf(text: string, requestId: string | undefined): Output {
  const answer = JSON.parse(text) as Omit<Output, '$metadata'>;
  for (const { MessageAttributes = {} } of answer.Messages ?? []) {
    for (const attribute of Object.values(MessageAttributes)) {
      // Base64 in the protocol.
      if (typeof attribute.BinaryValue !== 'string') continue;
      attribute.BinaryValue = Buffer.from(attribute.BinaryValue as string, 'base64');
    }
  }
  return { ...answer, $metadata: { httpStatusCode: 200, requestId, attempts: 1 } };
}

/** The SDK's call goes on by itself; what it brings comes again when it is hidden no more. */
async function unlessAborted<R>(call: Promise<R>, signal: AbortSignal): Promise<R> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason as Error);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([call, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
    call.catch(() => undefined);
  }
}
