import { CookieJar } from './cookie-jar.js';
import { parseForm } from './html-form.js';
import type { HtmlForm } from './html-form.js';

export interface BrowserOptions {
  /** Used for requests to the tool; the global fetch when absent. */
  readonly fetch?: typeof fetch;
  /** The same jar makes the same browser; a fresh one when absent. */
  readonly cookies?: CookieJar;
  /** Stops with the filled-in form in hand, before it is posted to the tool. */
  readonly stopBeforeToolPost?: boolean;
}

export interface BrowserStep {
  /** `login` at the tool, `auth` at the platform, `tool` at the tool's redirect URI. */
  readonly name: 'login' | 'auth' | 'tool';
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly setCookies: readonly string[];
  readonly body: string;
}

/** How far a launch came. The top-level status, headers and body are those of its last step. */
export interface LaunchOutcome {
  readonly endedAt: BrowserStep['name'];
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly steps: readonly BrowserStep[];
  /** What the platform asked the browser to post to the tool. */
  readonly form: HtmlForm | undefined;
  readonly cookies: CookieJar;
}

/** Walks one launch the way a browser does, following only the redirect to the platform. */
export async function walkLaunch(
  loginForm: HtmlForm,
  authUrl: string,
  options: BrowserOptions = {},
): Promise<LaunchOutcome> {
  const cookies = options.cookies ?? new CookieJar();
  const steps: BrowserStep[] = [];
  const end = (step: BrowserStep, form?: HtmlForm): LaunchOutcome => {
    const { name, status, headers, body } = step;
    return { endedAt: name, status, headers, body, steps, form, cookies };
  };

  const login = await postForm(loginForm, { ...options, cookies }, 'login');
  steps.push(login);
  const location = login.headers['location'];
  if (![302, 303].includes(login.status) || location === undefined) return end(login);
  const target = new URL(location, loginForm.action).href;
  if (!target.startsWith(`${authUrl}?`)) return end(login);

  const auth = await visit('auth', target, { method: 'GET' }, cookies, fetch);
  steps.push(auth);
  const form = auth.status === 200 ? parseForm(auth.body) : undefined;
  if (!form || options.stopBeforeToolPost) return end(auth, form);

  const tool = await postForm(form, { ...options, cookies }, 'tool');
  steps.push(tool);
  return end(tool, form);
}

/** Posts a form as a page of the platform would, from the given browser. */
export async function postForm(
  form: HtmlForm,
  options: BrowserOptions = {},
  name: BrowserStep['name'] = 'tool',
): Promise<BrowserStep> {
  const body = new URLSearchParams(form.fields).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const cookies = options.cookies ?? new CookieJar();
  const send = options.fetch ?? fetch;
  return visit(name, form.action, { method: 'POST', headers, body }, cookies, send);
}

async function visit(
  name: BrowserStep['name'],
  url: string,
  request: { method: 'GET' | 'POST'; headers?: Record<string, string>; body?: string },
  cookies: CookieJar,
  send: typeof fetch,
): Promise<BrowserStep> {
  const cookie = cookies.header(url);
  const headers = { ...request.headers, ...(cookie ? { cookie } : {}) };
  const response = await send(url, { ...request, headers, redirect: 'manual' });
  const setCookies = response.headers.getSetCookie();
  cookies.store(url, setCookies);
  return {
    name,
    method: request.method,
    url,
    status: response.status,
    headers: Object.fromEntries(response.headers),
    setCookies,
    body: await response.text(),
  };
}
