import type { FastifyReply } from 'fastify';
import { randomSecret } from '../secrets.js';

/** Markup that is safe by how it was made: every value in it went through `html`. */
export class Markup {
  constructor(readonly text: string) {}
}

/** A template whose values are escaped, unless they are Markup themselves. */
export function html(parts: TemplateStringsArray, ...values: (string | Markup)[]): Markup {
  const escaped = values.map((value) => (value instanceof Markup ? value.text : escape(value)));
  return new Markup(parts.map((part, index) => part + (escaped[index] ?? '')).join(''));
}

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
}

/** JSON inside a script element: no character of it can end the element. */
export function jsonScript(id: string, value: unknown): Markup {
  const json = JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return html`<script type="application/json" id="${id}">
    ${new Markup(json)}
  </script>`;
}

const STYLE = `body{font:1.125rem/1.5 system-ui,sans-serif;margin:0;color:#1a1a1a;background:#fff}
main{max-width:40rem;margin:0 auto;padding:2rem 1.5rem}h1{font-size:1.5rem;line-height:1.25}
dl{color:#555;font-size:.875rem}dt{float:left;clear:left;margin-right:.5rem}dd{margin:0}`;

export interface Page {
  status: number;
  lang: string;
  title: string;
  main: Markup;
  data?: Markup;
  /** Who may show it in a frame; undefined for pages that hold nothing worth framing. */
  frameAncestors?: string[];
}

/** Sends a page that loads nothing, runs nothing, is kept nowhere and tells nobody. */
export function sendPage(reply: FastifyReply, page: Page): void {
  const nonce = randomSecret();
  const { status, lang, title, main, data = html``, frameAncestors } = page;
  const document = html`<!doctype html>
    <html lang="${lang}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <style nonce="${nonce}">
          ${new Markup(STYLE)}
        </style>
      </head>
      <body>
        <main>${main}</main>
        ${data}
      </body>
    </html> `;
  const policy = [
    `default-src 'none'`,
    `style-src 'nonce-${nonce}'`,
    `base-uri 'none'`,
    `form-action 'none'`,
    ...(frameAncestors === undefined ? [] : [`frame-ancestors ${ancestors(frameAncestors)}`]),
  ];
  void reply
    .status(status)
    .header('content-type', 'text/html; charset=utf-8')
    .header('content-security-policy', policy.join('; '))
    .header('cache-control', 'no-store')
    .header('referrer-policy', 'no-referrer')
    .header('x-content-type-options', 'nosniff')
    .send(document.text);
}

function ancestors(origins: string[]): string {
  return origins.length === 0 ? `'none'` : origins.join(' ');
}
