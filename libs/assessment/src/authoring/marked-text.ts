/** A text with places marked in it, as authors write one: `She {{goes}} to school.` */
export type Segment = { kind: 'text'; text: string } | { kind: 'mark'; content: string };

export type MarkedText = { ok: true; segments: Segment[] } | { ok: false; detail: string };

/**
 * Splits a text at its marks. Two braces open a mark and two close it; a backslash before two
 * braces makes them braces. A mark is not within another and not empty.
 */
export function parseMarkedText(text: string): MarkedText {
  const segments: Segment[] = [];
  let plain = '';
  let at = 0;
  const flush = () => {
    if (plain !== '') segments.push({ kind: 'text', text: plain });
    plain = '';
  };
  while (at < text.length) {
    if (text.startsWith('\\{{', at) || text.startsWith('\\}}', at)) {
      plain += text.slice(at + 1, at + 3);
      at += 3;
    } else if (text.startsWith('}}', at)) {
      return { ok: false, detail: `"}}" at character ${at + 1} closes nothing` };
    } else if (text.startsWith('{{', at)) {
      const end = text.indexOf('}}', at);
      const content = text.slice(at + 2, end === -1 ? undefined : end);
      if (end === -1 || content.includes('{{')) {
        return { ok: false, detail: `"{{" at character ${at + 1} is not closed` };
      }
      if (content.trim() === '') {
        return { ok: false, detail: `the mark at character ${at + 1} is empty` };
      }
      flush();
      segments.push({ kind: 'mark', content: content.trim() });
      at = end + 2;
    } else {
      plain += text[at];
      at += 1;
    }
  }
  flush();
  return { ok: true, segments };
}
