import { randomBytes } from 'node:crypto';
import { html, type Html, render } from './html.js';
import { styleElement } from './style.js';

export interface Page {
  title: string;
  /** Search and sign-out are for those who are signed in. */
  signedIn: boolean;
  main: Html;
  /** What stands in the search box. */
  searched?: string;
}

/** The document and the only headers under which a browser may show it. */
export function document(page: Page): { body: string; headers: Record<string, string> } {
  const nonce = randomBytes(16).toString('base64');
  const body = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${page.title} · Parlance on-call</title>
        ${styleElement(nonce)}
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        <header>
          <strong><a href="/">Parlance on-call</a></strong>
          ${page.signedIn && [PAGES, searchForm(page.searched ?? ''), SIGN_OUT]}
        </header>
        <main id="main">${page.main}</main>
        <footer>Times are UTC. Spans and logs arrive some seconds after the request.</footer>
      </body>
    </html>`;
  return {
    body: render(body),
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy':
        `default-src 'none'; style-src 'nonce-${nonce}'; form-action 'self'; ` +
        `base-uri 'none'; frame-ancestors 'none'`,
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    },
  };
}

function searchForm(searched: string): Html {
  return html`<form class="row" role="search" method="get" action="/">
    <label for="id" class="check">Request or submission id</label>
    <input
      id="id"
      name="id"
      value="${searched}"
      required
      maxlength="64"
      autocomplete="off"
      spellcheck="false"
    />
    <button>Find</button>
  </form>`;
}

const PAGES = html`<nav aria-label="Pages">
  <a href="/">Traces</a> <a href="/dead-letters">Dead letters</a>
</nav>`;

const SIGN_OUT = html`<form method="post" action="/sign-out"><button>Sign out</button></form>`;

/** E.g. `12.3 ms`, `4.56 s`. */
export function duration(milliseconds: number): string {
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toFixed(2)} s`;
  return `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`;
}

/** An instant as on-call reads it: to the millisecond, in UTC. */
export function instant(value: string | Date | null): Html {
  if (value === null) return html`<span class="quiet">not known</span>`;
  const text = new Date(value).toISOString();
  return html`<time datetime="${text}">${text.slice(0, 10)} ${text.slice(11, 23)}</time>`;
}
