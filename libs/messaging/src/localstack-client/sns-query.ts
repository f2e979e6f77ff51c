import type {
  BatchResultErrorEntry,
  PublishBatchCommandInput,
  PublishBatchResultEntry,
} from '@aws-sdk/client-sns';
import type { Wire } from './wire.js';

/** The AWS Query protocol of SNS, for what every published event pays a tenth of. */
export const SNS_QUERY: Wire = {
  operations: new Map([['PublishBatchCommand', 'PublishBatch']]),
  headers: () => ({ 'content-type': 'application/x-www-form-urlencoded' }),
  body(operation, input) {
    const { TopicArn, PublishBatchRequestEntries = [] } = input as PublishBatchCommandInput;
    let body = `Action=${operation}&Version=2010-03-31`;
    const add = (name: string, text: string | undefined) => {
      if (text !== undefined) body += `&${name}=${encodeURIComponent(text)}`;
    };
    add('TopicArn', TopicArn);
    PublishBatchRequestEntries.forEach(({ MessageAttributes = {}, ...texts }, index) => {
      const entry = `PublishBatchRequestEntries.member.${index + 1}`;
      for (const [name, text] of Object.entries(texts)) add(`${entry}.${name}`, text);
      Object.entries(MessageAttributes).forEach(([name, value], position) => {
        const attribute = `${entry}.MessageAttributes.entry.${position + 1}`;
        const { DataType, StringValue, BinaryValue } = value;
        add(`${attribute}.Name`, name);
        add(`${attribute}.Value.DataType`, DataType);
        add(`${attribute}.Value.StringValue`, StringValue);
        add(
          `${attribute}.Value.BinaryValue`,
          BinaryValue && Buffer.from(BinaryValue).toString('base64'),
        );
      });
    });
    return body;
  },
  output(text) {
    if (!text.includes('</PublishBatchResponse>')) throw new Error('The answer is cut short.');
    const Successful: PublishBatchResultEntry[] = membersOf(text, 'Successful');
    const Failed = membersOf(text, 'Failed').map(
      ({ SenderFault, ...texts }) =>
        ({ ...texts, SenderFault: SenderFault === 'true' }) as BatchResultErrorEntry,
    );
    return { Successful, Failed };
  },
};

/** The members of a list of an answer, each with its texts by the names of their elements. */
function membersOf(xml: string, list: string): Record<string, string>[] {
  const start = xml.indexOf(`<${list}>`);
  if (start < 0) return [];
  const members = xml.slice(start, xml.indexOf(`</${list}>`, start)).split('</member>');
  return members.slice(0, -1).map((member) => {
    const texts = member.matchAll(/<(\w+)>([^<]*)<\/\1>/g);
    return Object.fromEntries([...texts].map(([, name, text = '']) => [name, plain(text)]));
  });
}

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

function plain(text: string): string {
  return text.replace(/&(#x?[0-9a-f]+|\w+);/gi, (whole, name: string) =>
    name.startsWith('#')
      ? String.fromCodePoint(Number(name.replace(/^#x?/i, (sign) => (sign === '#' ? '' : '0x'))))
      : (ENTITIES[name] ?? whole),
  );
}
