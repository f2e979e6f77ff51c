import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  PublishBatchCommand,
  type PublishBatchCommandInput,
  type PublishBatchCommandOutput,
  SNSClient,
} from '@aws-sdk/client-sns';
import { callDirectly, until } from './direct-calls.js';
import { SNS_QUERY } from './sns-query.js';

interface Seen {
  body: string;
  headers: IncomingHttpHeaders;
}

/** An answer as SNS gives it: one entry taken, one refused. */
const MIXED = `<PublishBatchResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">
  <PublishBatchResult>
    <Failed><member>
      <Id>1</Id><Code>InternalError</Code><Message>a &lt;b&gt; &amp;amp; &#233;&#x2014;</Message>
      <SenderFault>false</SenderFault>
    </member></Failed>
    <Successful><member><MessageId>b6c1</MessageId><Id>0</Id></member></Successful>
  </PublishBatchResult>
  <ResponseMetadata><RequestId>e9f2</RequestId></ResponseMetadata>
</PublishBatchResponse>`;

const INPUT: PublishBatchCommandInput = {
  TopicArn: 'arn:aws:sns:us-east-1:123456789012:a-topic',
  PublishBatchRequestEntries: [
    {
      Id: '0',
      Message: `{"a b":"é!'()*~&=+%\\n"}`,
      MessageAttributes: {
        ce_id: { DataType: 'String', StringValue: 'ü 1' },
        bytes: { DataType: 'Binary', BinaryValue: Uint8Array.from([0, 255, 7]) },
      },
      MessageGroupId: 'g',
    },
    { Id: '1', Message: 'm' },
  ],
};

/** What a server saw of one call, and what the client made of its answers. */
async function publish(
  answers: [status: number, body: string][],
  isDirect: boolean,
): Promise<{ seen: Seen[]; told: PublishBatchCommandOutput | string }> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const [status, text] = answers[Math.min(seen.length, answers.length - 1)] ?? [500, ''];
      seen.push({ body: Buffer.concat(chunks).toString('utf8'), headers: request.headers });
      response.writeHead(status, { 'content-type': 'text/xml' }).end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const sns = new SNSClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
  if (isDirect) callDirectly(sns, SNS_QUERY);
  try {
    const told = await sns
      .send(new PublishBatchCommand(INPUT))
      .catch((error: Error) => `${error.name}: ${error.message}`);
    return { seen, told };
  } finally {
    sns.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
}

const withoutMetadata = (told: PublishBatchCommandOutput | string) => ({
  ...(told as PublishBatchCommandOutput),
  $metadata: {},
});

test('it writes the fields that the SDK writes, and signs them for the same service', async () => {
  const { seen: ours } = await publish([[200, MIXED]], true);
  const { seen: theirs } = await publish([[200, MIXED]], false);
  expect(ours).toHaveLength(1);
  const fieldsOf = (seen: Seen[]) => [...new URLSearchParams(seen[0]?.body)].sort();
  expect(fieldsOf(ours)).toEqual(fieldsOf(theirs));
  expect(new Map(fieldsOf(ours)).get('PublishBatchRequestEntries.member.1.Message')).toBe(
    `{"a b":"é!'()*~&=+%\\n"}`,
  );
  const { headers } = ours[0] as Seen;
  expect(headers['content-type']).toBe('application/x-www-form-urlencoded');
  expect(headers.authorization).toMatch(
    /^AWS4-HMAC-SHA256 Credential=key\/\d{8}\/eu-central-1\/sns\/aws4_request/,
  );
});

test('it reads what was taken and what was refused, as the SDK does', async () => {
  const { told: ours } = await publish([[200, MIXED]], true);
  const { told: theirs } = await publish([[200, MIXED]], false);
  const expected = {
    Successful: [{ Id: '0', MessageId: 'b6c1' }],
    Failed: [{ Id: '1', Code: 'InternalError', Message: 'a <b> &amp; é—', SenderFault: false }],
  };
  expect(withoutMetadata(ours)).toMatchObject(expected);
  expect(withoutMetadata(ours)).toEqual(withoutMetadata(theirs));
});

test('an answer that is cut short names nobody as arrived: the SDK asks again', async () => {
  const cut = MIXED.slice(0, MIXED.indexOf('</Successful>'));
  const { seen, told } = await publish(
    [
      [200, cut],
      [200, MIXED],
    ],
    true,
  );
  expect(seen).toHaveLength(2);
  expect(withoutMetadata(told)).toMatchObject({ Successful: [{ Id: '0' }] });
});

test('what is broken off is broken off also when the SDK makes the call', async () => {
  const arrived: { closed: Promise<unknown> }[] = [];
  const second = Promise.withResolvers<void>();
  const server = createServer((request, response) => {
    const closed = new Promise((resolve) => request.socket.once('close', resolve));
    arrived.push({ closed });
    // The first is turned away, the second, which is the SDK's, is never answered.
    if (arrived.length === 1) response.writeHead(400, { connection: 'close' }).end();
    else second.resolve();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const sns = new SNSClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
  });
  callDirectly(sns, SNS_QUERY);
  const abort = new AbortController();
  const command = new PublishBatchCommand(INPUT);
  const sent = sns.send(command, until(sns, command, abort.signal));
  await second.promise;
  abort.abort();
  await expect(sent).rejects.toThrow(/abort/i);
  await arrived[1]?.closed;
  expect(arrived).toHaveLength(2);
  sns.destroy();
  await new Promise((resolve) => server.close(resolve));
});

test('a refusal of the whole call has the name that the SDK gives it', async () => {
  const refusal = `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">
    <Error><Type>Sender</Type><Code>InvalidParameter</Code><Message>no</Message></Error>
    <RequestId>r</RequestId></ErrorResponse>`;
  const { told: ours } = await publish([[400, refusal]], true);
  const { told: theirs } = await publish([[400, refusal]], false);
  expect(ours).toBe(theirs);
  expect(ours).toContain('no');
});

test('without an endpoint of its own it goes where the rules of the service say', async () => {
  const hosts: unknown[] = [];
  const sns = new SNSClient({
    region: 'cn-north-1',
    credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
    maxAttempts: 1,
    requestHandler: {
      handle: ({ protocol, hostname }: { protocol: string; hostname: string }) => {
        hosts.push(`${protocol}//${hostname}`);
        return Promise.reject(new Error('not sent'));
      },
    } as never,
  });
  callDirectly(sns, SNS_QUERY);
  await expect(sns.send(new PublishBatchCommand(INPUT))).rejects.toThrow('not sent');
  expect(hosts).toEqual(Array(2).fill('https://sns.cn-north-1.amazonaws.com.cn'));
});
