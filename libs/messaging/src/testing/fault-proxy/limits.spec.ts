import { PublishBatchCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { ProxiedQueue } from '../../../test/proxied-queue.js';
import { textAttribute } from '../../envelope/message-attributes.js';

const bench = new ProxiedQueue().install();

const attributes = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`a${n}`, textAttribute('x')]));
const entries = (count: number, body = 'x') =>
  Array.from({ length: count }, (_, n) => ({ Id: `e${n}`, MessageBody: body }));

describe('SQS refuses a message', () => {
  const refused = (body: string, rest: object, code: string) =>
    expect(bench.send(body, rest)).rejects.toMatchObject({ name: code });

  test('with eleven attributes, and takes one with ten', async () => {
    await refused('x', { MessageAttributes: attributes(11) }, 'InvalidParameterValue');
    await bench.send('x', { MessageAttributes: attributes(10) });
    expect(await bench.count()).toBe(1);
    expect(bench.proxy.journal().refused).toEqual({ InvalidParameterValue: 1 });
  });

  test('with an attribute that says nothing, or whose name or type is not permitted', async () => {
    const one = (name: string, value: object) => ({ MessageAttributes: { [name]: value } });
    const empty = { DataType: 'String', StringValue: '' };
    await refused('x', one('a', empty), 'InvalidParameterValue');
    await refused('x', one('AWS.a', textAttribute('x')), 'InvalidParameterValue');
    await refused('x', one('a..b', textAttribute('x')), 'InvalidParameterValue');
    await refused('x', one('a', { DataType: 'Text', StringValue: 'x' }), 'InvalidParameterValue');
  });

  test('of more than 1 MiB, attributes counted', async () => {
    // Name, type and value of the attribute: 1 + 6 + 9 bytes.
    const MessageAttributes = { a: textAttribute('x'.repeat(9)) };
    await bench.send('x'.repeat(1_048_576 - 16), { MessageAttributes });
    await refused('x'.repeat(1_048_576 - 15), { MessageAttributes }, 'InvalidParameterValue');
    await refused('ü'.repeat(524_289), {}, 'InvalidParameterValue');
  });

  test('with characters that XML does not have, in the body or in an attribute', async () => {
    await refused('a\u0000b', {}, 'InvalidMessageContents');
    await refused('a\uFFFEb', {}, 'InvalidMessageContents');
    const MessageAttributes = { a: textAttribute('\u0001') };
    await refused('x', { MessageAttributes }, 'InvalidMessageContents');
    await bench.send('tab\t, new line\n, \uFFFD');
  });

  test('with a group of 129 characters, or delayed by more than 15 minutes', async () => {
    await refused('x', { MessageGroupId: 'g'.repeat(129) }, 'InvalidParameterValue');
    await refused('x', { MessageGroupId: 'two words' }, 'InvalidParameterValue');
    await bench.send('x', { MessageGroupId: 'g'.repeat(128) });
    await refused('x', { DelaySeconds: 901 }, 'InvalidParameterValue');
  });
});

describe('SQS refuses', () => {
  const refused = (command: object, code: string) =>
    expect(bench.clients.sqs.send(command as never)).rejects.toMatchObject({ name: code });

  test('batches of none or eleven, with ids that are equal or not permitted', async () => {
    const QueueUrl = bench.queueUrl;
    const batch = (Entries: ReturnType<typeof entries>) =>
      new SendMessageBatchCommand({ QueueUrl, Entries });
    await refused(batch([]), 'EmptyBatchRequest');
    await refused(batch(entries(11)), 'TooManyEntriesInBatchRequest');
    await refused(batch([...entries(1), ...entries(1)]), 'BatchEntryIdsNotDistinct');
    await refused(batch([{ Id: 'a b', MessageBody: 'x' }]), 'InvalidBatchEntryId');
    await refused(batch([{ Id: 'i'.repeat(81), MessageBody: 'x' }]), 'InvalidBatchEntryId');
    await refused(batch(entries(3, 'x'.repeat(400_000))), 'BatchRequestTooLong');
    const gone = { QueueUrl, Entries: [] };
    await refused(new DeleteMessageBatchCommand(gone), 'EmptyBatchRequest');
    expect(await bench.count()).toBe(0);
  });

  test('waits, counts and visibilities that are too long', async () => {
    const QueueUrl = bench.queueUrl;
    const receive = (rest: object) => new ReceiveMessageCommand({ QueueUrl, ...rest });
    await refused(receive({ WaitTimeSeconds: 21 }), 'InvalidParameterValue');
    await refused(receive({ MaxNumberOfMessages: 11 }), 'InvalidParameterValue');
    await refused(receive({ VisibilityTimeout: 43_201 }), 'InvalidParameterValue');
    const input = { QueueUrl, ReceiptHandle: 'h', VisibilityTimeout: 43_201 };
    await refused(new ChangeMessageVisibilityCommand(input), 'InvalidParameterValue');
    const Attributes = { VisibilityTimeout: '43201' };
    const queue = new CreateQueueCommand({ QueueName: 'q', Attributes });
    await refused(queue, 'InvalidAttributeValue');
  });
});

test('of a batch SQS takes what it can, and names the others', async () => {
  const sent = await bench.clients.sqs.send(
    new SendMessageBatchCommand({
      QueueUrl: bench.queueUrl,
      Entries: [
        ...entries(1),
        { Id: 'many', MessageBody: 'x', MessageAttributes: attributes(11) },
        { Id: 'nul', MessageBody: '\u0000' },
      ],
    }),
  );
  expect(sent.Successful?.map(({ Id }) => Id)).toEqual(['e0']);
  const failed = sent.Failed?.map(({ Id, Code, SenderFault }) => [Id, Code, SenderFault]);
  expect(failed).toEqual([
    ['many', 'InvalidParameterValue', true],
    ['nul', 'InvalidMessageContents', true],
  ]);
  const [message] = await bench.receive();
  const changed = await bench.clients.sqs.send(
    new ChangeMessageVisibilityBatchCommand({
      QueueUrl: bench.queueUrl,
      Entries: [
        { Id: 'a', ReceiptHandle: message?.ReceiptHandle, VisibilityTimeout: 43_200 },
        { Id: 'b', ReceiptHandle: message?.ReceiptHandle, VisibilityTimeout: 43_201 },
      ],
    }),
  );
  expect(changed.Successful).toHaveLength(1);
  expect(changed.Failed).toMatchObject([{ Id: 'b', SenderFault: true }]);
});

describe('SNS', () => {
  const batch = (entries: object[]) =>
    bench.clients.sns.send(
      new PublishBatchCommand({
        TopicArn: bench.topicArn,
        PublishBatchRequestEntries: entries as never,
      }),
    );

  test('takes eleven attributes and throws the message away', async () => {
    const many = { Id: 'many', Message: 'x', MessageAttributes: attributes(11) };
    const ten = { Id: 'ten', Message: 'y', MessageAttributes: attributes(10) };
    const { Successful = [], Failed } = await batch([many, ten]);
    expect(Successful.map(({ Id }) => Id).sort()).toEqual(['many', 'ten']);
    expect(Failed).toEqual([]);
    const TopicArn = bench.topicArn;
    await bench.clients.sns.send(
      new PublishCommand({ TopicArn, Message: 'z', MessageAttributes: attributes(11) }),
    );
    expect((await bench.receive()).map(({ Body }) => Body)).toEqual(['y']);
    expect(bench.proxy.journal().discarded).toBe(2);
  });

  test('refuses more than 256 KiB, alone or together', async () => {
    const TopicArn = bench.topicArn;
    const large = new PublishCommand({ TopicArn, Message: 'x'.repeat(262_145) });
    await expect(bench.clients.sns.send(large)).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
    const half = (Id: string) => ({ Id, Message: 'x'.repeat(131_073) });
    await expect(batch([half('a'), half('b')])).rejects.toMatchObject({
      name: 'BatchRequestTooLongException',
    });
    expect(await bench.count()).toBe(0);
  });

  test('refuses batches as SQS does, and names single entries that are at fault', async () => {
    const one = { Id: 'a', Message: 'x' };
    const name = 'BatchEntryIdsNotDistinctException';
    await expect(batch([one, one])).rejects.toMatchObject({ name });
    const { Successful, Failed } = await batch([
      one,
      { Id: 'b', Message: 'x', MessageAttributes: { a: { DataType: 'String', StringValue: '' } } },
      { Id: 'c', Message: 'x', MessageGroupId: 'g'.repeat(129) },
    ]);
    expect(Successful?.map(({ Id }) => Id)).toEqual(['a']);
    const said = Failed?.map(({ Id, Code, SenderFault }) => [Id, Code, SenderFault]);
    expect(said).toEqual([
      ['b', 'InvalidParameter', true],
      ['c', 'InvalidParameter', true],
    ]);
  });
});

describe('a signature', () => {
  const clientsWith = (config: object) => {
    const shared = {
      endpoint: bench.proxy.endpoint,
      region: 'us-east-1',
      maxAttempts: 1,
      ...config,
    };
    return { sqs: new SQSClient(shared), sns: new SNSClient(shared) };
  };
  const receive = () => new ReceiveMessageCommand({ QueueUrl: bench.queueUrl });

  test('must be there', async () => {
    const answer = await fetch(bench.proxy.endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': 'AmazonSQS.ListQueues',
      },
      body: '{}',
    });
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('MissingAuthenticationToken');
    const { sqs, sns } = clientsWith({ credentials: { accessKeyId: '', secretAccessKey: 's' } });
    const publish = new PublishCommand({ TopicArn: bench.topicArn, Message: 'x' });
    for (const sent of [sqs.send(receive()), sns.send(publish)]) {
      await expect(sent).rejects.toThrow(/signature or its credential|credential/i);
    }
    expect(await bench.count()).toBe(0);
  });

  test('must be of now, give or take five minutes; the client corrects itself', async () => {
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const systemClockOffset = 10 * 60_000;
    const { sqs } = clientsWith({ credentials, systemClockOffset });
    await expect(sqs.send(receive())).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' });
    // The refusal told it the time.
    await expect(sqs.send(receive())).resolves.toBeDefined();
    const { sqs: close } = clientsWith({ credentials, systemClockOffset: 4 * 60_000 });
    await expect(close.send(receive())).resolves.toBeDefined();
  });
});
