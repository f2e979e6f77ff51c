import type { BodyNode } from '../items/body.js';

export function element(name: string, children: BodyNode[]): BodyNode {
  return { kind: 'element', name, children };
}

export function textNode(text: string): BodyNode {
  return { kind: 'text', text };
}

/** A text as paragraphs: an empty line begins a new one, any other line a new line. */
export function paragraphs(text: string): BodyNode[] {
  return paragraphsOf([textNode(text)]);
}

/** As `paragraphs`, of text between other nodes. */
export function paragraphsOf(nodes: readonly BodyNode[]): BodyNode[] {
  const found: BodyNode[][] = [[]];
  for (const node of nodes) {
    if (node.kind !== 'text') {
      found.at(-1)?.push(node);
      continue;
    }
    const blocks = node.text.replace(/\r\n?/g, '\n').split(/\n[ \t]*\n\s*/);
    blocks.forEach((block, index) => {
      if (index > 0) found.push([]);
      found.at(-1)?.push(...lines(block));
    });
  }
  return found.filter((one) => one.some(isSeen)).map((children) => element('p', children));
}

function lines(block: string): BodyNode[] {
  return block.split('\n').flatMap((line, index): BodyNode[] => {
    const node = line === '' ? [] : [textNode(line)];
    return index === 0 ? node : [element('br', []), ...node];
  });
}

function isSeen(node: BodyNode): boolean {
  if (node.kind === 'text') return node.text.trim() !== '';
  return node.kind !== 'element' || node.name !== 'br';
}
