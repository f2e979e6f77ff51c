/** Colours, or none: then every function gives back its text. */
export interface Paint {
  bold(text: string): string;
  quiet(text: string): string;
  bad(text: string): string;
  good(text: string): string;
  service(text: string): string;
}

const plain = (text: string) => text;

export function painter(colour: boolean): Paint {
  if (!colour) return { bold: plain, quiet: plain, bad: plain, good: plain, service: plain };
  const code = (start: number, end: number) => (text: string) =>
    text === '' ? '' : `\u001b[${start}m${text}\u001b[${end}m`;
  return {
    bold: code(1, 22),
    quiet: code(2, 22),
    bad: code(31, 39),
    good: code(32, 39),
    service: code(36, 39),
  };
}
