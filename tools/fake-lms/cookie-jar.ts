interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly host: string;
  readonly path: string;
  readonly isThirdParty: boolean;
  readonly expiresAtMs: number;
}

/**
 * A browser's cookies as they matter in a launch. An LMS embeds the tool from another site, so only
 * cookies marked `SameSite=None; Secure` are kept and sent, unless the jar is told that both live
 * on one site. Loopback counts as secure, as it does in browsers, and ports are not told apart.
 */
export class CookieJar {
  readonly #cookies = new Map<string, Cookie>();
  readonly #crossSite: boolean;
  readonly #blocksThirdParty: boolean;

  constructor({ crossSite = true, blocksThirdParty = false } = {}) {
    this.#crossSite = crossSite;
    this.#blocksThirdParty = blocksThirdParty;
  }

  /** Takes the Set-Cookie lines of one response. */
  store(responseUrl: string, setCookies: readonly string[]): void {
    for (const line of setCookies) {
      const cookie = readCookie(new URL(responseUrl), line);
      if (!cookie || (this.#crossSite && (this.#blocksThirdParty || !cookie.isThirdParty)))
        continue;
      const key = `${cookie.host} ${cookie.path} ${cookie.name}`;
      if (cookie.expiresAtMs <= Date.now()) this.#cookies.delete(key);
      else this.#cookies.set(key, cookie);
    }
  }

  /** The Cookie header for a request; empty when nothing is to be sent. */
  header(requestUrl: string): string {
    return this.#matching(new URL(requestUrl))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
  }

  get(requestUrl: string, name: string): string | undefined {
    return this.#matching(new URL(requestUrl)).find((cookie) => cookie.name === name)?.value;
  }

  all(): { name: string; value: string; host: string; path: string }[] {
    return [...this.#cookies.values()].map(({ name, value, host, path }) => ({
      name,
      value,
      host,
      path,
    }));
  }

  #matching(url: URL): Cookie[] {
    return [...this.#cookies.values()].filter(
      (cookie) =>
        cookie.host === url.hostname &&
        isUnder(url.pathname, cookie.path) &&
        cookie.expiresAtMs > Date.now(),
    );
  }
}

function readCookie(url: URL, line: string): Cookie | undefined {
  const [pair = '', ...attributePairs] = line.split(';');
  const equals = pair.indexOf('=');
  if (equals < 1) return undefined;
  const name = pair.slice(0, equals).trim();
  const attributes = new Map(
    attributePairs.map((text) => {
      const [key = '', ...value] = text.split('=');
      return [key.trim().toLowerCase(), value.join('=').trim()] as const;
    }),
  );
  const isSecure = attributes.has('secure');
  const path = attributes.get('path') || '/';
  const isHostBound = isSecure && path === '/' && !attributes.has('domain');
  if (name.startsWith('__Host-') && !isHostBound) return undefined;
  if (name.startsWith('__Secure-') && !isSecure) return undefined;
  return {
    name,
    value: pair.slice(equals + 1).trim(),
    host: url.hostname,
    path,
    isThirdParty: isSecure && attributes.get('samesite')?.toLowerCase() === 'none',
    expiresAtMs: expiry(attributes),
  };
}

function expiry(attributes: ReadonlyMap<string, string>): number {
  const maxAge = attributes.get('max-age');
  if (maxAge !== undefined) return Date.now() + Number(maxAge) * 1000;
  const expires = attributes.get('expires');
  return expires === undefined ? Number.POSITIVE_INFINITY : Date.parse(expires);
}

function isUnder(path: string, cookiePath: string): boolean {
  const folder = cookiePath.endsWith('/') ? cookiePath : `${cookiePath}/`;
  return path === cookiePath || path.startsWith(folder);
}
