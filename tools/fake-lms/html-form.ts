/** A form as a browser would submit it: where to, and the hidden fields. */
export interface HtmlForm {
  readonly action: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** A page that posts its hidden fields as soon as it is shown. */
export function renderAutoSubmit({ action, fields }: HtmlForm): string {
  const inputs = Object.entries(fields).map(
    ([name, value]) =>
      `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`,
  );
  return [
    '<!doctype html><title>Continue</title>',
    `<form id="auto" method="post" action="${escapeHtml(action)}">`,
    ...inputs,
    '<noscript><button>Continue</button></noscript></form>',
    '<script>document.getElementById("auto").submit()</script>',
  ].join('\n');
}

/** Reads the first form of a page with double-quoted attributes; undefined when there is none. */
export function parseForm(html: string): HtmlForm | undefined {
  const form = /<form\b([^>]*)>([\s\S]*?)<\/form>/i.exec(html);
  const action = attribute(form?.[1] ?? '', 'action');
  if (!form || action === undefined) return undefined;
  const fields: Record<string, string> = {};
  for (const [, attributes = ''] of (form[2] ?? '').matchAll(/<input\b([^>]*)>/gi)) {
    const name = attribute(attributes, 'name');
    if (name !== undefined) fields[name] = attribute(attributes, 'value') ?? '';
  }
  return { action, fields };
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function attribute(attributes: string, name: string): string | undefined {
  const match = new RegExp(`\\b${name}="([^"]*)"`, 'i').exec(attributes);
  return match?.[1]
    ?.replaceAll('&quot;', '"')
    .replaceAll('&gt;', '>')
    .replaceAll('&lt;', '<')
    .replaceAll('&amp;', '&');
}
