/** Host and port, as in a URL; undefined for what is no http(s) URL or carries credentials. */
export function hostOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, host, username, password } = new URL(url);
  const isWeb = protocol === 'https:' || protocol === 'http:';
  return isWeb && username === '' && password === '' ? host : undefined;
}

/**
 * Whether a URL out of a claim may be called with the registration's access token. A platform's
 * token must never reach a host that its administrator did not name.
 */
export function isAllowedUrl(url: string, allowedHosts: readonly string[], allowHttp: boolean) {
  const host = hostOf(url);
  if (host === undefined || !allowedHosts.includes(host)) return false;
  return allowHttp || new URL(url).protocol === 'https:';
}

/** Origins that may show the tool in a frame, for `frame-ancestors`. */
export function frameAncestors(allowedHosts: readonly string[], allowHttp: boolean): string[] {
  const plain = allowedHosts.filter((host) => /^[a-z0-9.:[\]-]+$/.test(host));
  return plain.flatMap((host) =>
    allowHttp ? [`https://${host}`, `http://${host}`] : [`https://${host}`],
  );
}
