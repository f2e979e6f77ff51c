import type { Responses } from './exam.js';

export interface ItemKey {
  responseIds: string[];
  correct: Responses;
  wrong: Responses;
  /** An essay: there is nothing right or wrong to send, but something to read. */
  open: boolean;
}

const ESSAY =
  'Last summer I worked in a small hotel by the sea. At first I was nervous because my English ' +
  'was not very good, but the guests were kind and I learned something new every day. If I could ' +
  'choose again, I would do exactly the same.';

/** The keys of a package's items, as its author reads them from the files before importing. */
export function keysIn(files: Record<string, Uint8Array>): Map<string, ItemKey> {
  const keys = new Map<string, ItemKey>();
  for (const [name, bytes] of Object.entries(files)) {
    const xml = new TextDecoder().decode(bytes);
    const identifier = /<qti-assessment-item\s(?:[^>]*?\s)?identifier="([^"]+)"/s.exec(xml)?.[1];
    if (identifier === undefined || name.includes('imsmanifest')) continue;
    keys.set(identifier, keyOf(xml));
  }
  return keys;
}

function keyOf(xml: string): ItemKey {
  const open = xml.includes('<qti-extended-text-interaction');
  const key: ItemKey = { responseIds: [], correct: {}, wrong: {}, open };
  const declarations = xml.matchAll(
    /<qti-response-declaration\b([^>]*?)(?:\/>|>(.*?)<\/qti-response-declaration>)/gs,
  );
  for (const [, head = '', body = ''] of declarations) {
    const id = attribute(head, 'identifier');
    const single = attribute(head, 'cardinality') === 'single';
    const isText = attribute(head, 'base-type') === 'string';
    const correctXml = /<qti-correct-response\b.*?<\/qti-correct-response>/s.exec(body)?.[0] ?? '';
    const values = [...correctXml.matchAll(/<qti-value\b[^>]*>(.*?)<\/qti-value>/gs)].map((match) =>
      decode(match[1] ?? '').trim(),
    );
    key.responseIds.push(id);
    const wrong = isText ? 'something else' : otherChoice(xml, id, values);
    key.correct[id] = single ? (values[0] ?? (isText ? ESSAY : null)) : values;
    key.wrong[id] = single ? wrong : wrong === null ? [] : [wrong];
  }
  return key;
}

function attribute(head: string, name: string): string {
  return new RegExp(`\\b${name}="([^"]*)"`).exec(head)?.[1] ?? '';
}

/** A choice of the interaction that is not right. */
function otherChoice(xml: string, responseId: string, correct: string[]): string | null {
  const interaction = new RegExp(
    `<qti-(choice|inline-choice)-interaction\\b[^>]*response-identifier="${responseId}".*?</qti-\\1-interaction>`,
    's',
  ).exec(xml)?.[0];
  const choices = [
    ...(interaction ?? '').matchAll(/<qti-(?:simple|inline)-choice\b[^>]*?identifier="([^"]+)"/g),
  ];
  return choices.map((match) => match[1] ?? '').find((choice) => !correct.includes(choice)) ?? null;
}

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function decode(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (whole, decimal, hex, name) => {
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    return ENTITIES[name] ?? whole;
  });
}
