/** Characters of the state in the cookie's name: parallel launches do not overwrite each other. */
const PREFIX = 16;

export const LOGIN_TTL_SECONDS = 600;

/** Name of the cookie that ties a login to its browser. */
export function cookieName(state: string, origin: string): string {
  const name = `lti_${state.slice(0, PREFIX).replace(/[^\w-]/g, '')}`;
  return isHttps(origin) ? `__Host-${name}` : name;
}

/**
 * `SameSite=None`, because the launch is posted from the LMS's site; partitioned, because browsers
 * are dropping unpartitioned cookies in frames. Over plain http only loopback may have it Secure.
 */
export function setCookie(name: string, value: string, origin: string, maxAge: number): string {
  const common = `${name}=${value}; Path=/; HttpOnly; Max-Age=${maxAge}`;
  if (isHttps(origin)) return `${common}; Secure; SameSite=None; Partitioned`;
  return isLoopback(origin) ? `${common}; Secure; SameSite=None` : common;
}

/** The cookie's value; undefined when it is absent or comes twice with two values. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  const values = (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  return new Set(values).size === 1 ? values[0] : undefined;
}

function isHttps(origin: string): boolean {
  return origin.startsWith('https:');
}

function isLoopback(origin: string): boolean {
  const { hostname } = new URL(origin);
  return hostname === 'localhost' || hostname === '[::1]' || /^127\./.test(hostname);
}
