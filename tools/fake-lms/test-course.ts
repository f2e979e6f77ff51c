import { startExampleTool } from './example-tool.js';
import type { ExampleTool } from './example-tool.js';
import { agsScopes, mediaTypes, startFakeLms } from './fake-lms.js';
import type { DialectName, FakeLms, Registration } from './fake-lms.js';

export interface TestCourse {
  readonly lms: FakeLms;
  readonly tool: ExampleTool;
  readonly registration: Registration;
  close(): Promise<void>;
}

/** One tool, a learner "7", a teacher "8", and the link "essay" with a line item of 50 points. */
export async function openTestCourse(
  dialect: DialectName = 'strict',
  now?: () => number,
): Promise<TestCourse> {
  const lms = await startFakeLms({ dialect, now });
  const tool = await startExampleTool();
  const { loginUrl, redirectUri, jwksUrl } = tool;
  const registration = lms.register({ loginUrl, redirectUris: [redirectUri], jwksUrl });
  tool.trust(registration);
  const membership = 'http://purl.imsglobal.org/vocab/lis/v2/membership#';
  lms.addUser({ id: '7', name: 'Mina Okoro', roles: [`${membership}Learner`] });
  lms.addUser({ id: '8', name: 'Ada Lind', roles: [`${membership}Instructor`] });
  lms.addResourceLink({
    id: 'essay',
    title: 'Essay "1" <draft> & more',
    contextId: 'b2',
    contextTitle: 'English B2',
    lineItem: { scoreMaximum: 50, label: 'Essay' },
  });
  const close = async (): Promise<void> => {
    await Promise.all([lms.close(), tool.close()]);
  };
  return { lms, tool, registration, close };
}

/** The only line item's URL with a tail put before the query. */
export function itemUrl(lms: FakeLms, tail = ''): string {
  const url = new URL(lms.lineItems()[0]?.id ?? '');
  url.pathname += tail;
  return url.href;
}

/** Calls a service as a tool would; headers win over the usual ones. */
export async function call(
  course: TestCourse,
  url: string,
  request: {
    method?: string;
    scope?: string;
    token?: string;
    headers?: Record<string, string>;
    body?: unknown;
  } = {},
): Promise<Response> {
  const token = request.token ?? (await course.tool.token(request.scope ?? agsScopes.lineItem));
  return fetch(url, {
    method: request.method ?? 'GET',
    headers: { authorization: `Bearer ${token}`, ...request.headers },
    body: request.body === undefined ? undefined : JSON.stringify(request.body),
  });
}

export function scoreBody(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    userId: '7',
    scoreGiven: 9,
    scoreMaximum: 10,
    activityProgress: 'Completed',
    gradingProgress: 'FullyGraded',
    timestamp: '2026-01-05T10:00:00.000Z',
    ...changes,
  };
}

export async function postScore(
  course: TestCourse,
  changes: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): Promise<Response> {
  return call(course, itemUrl(course.lms, '/scores'), {
    method: 'POST',
    scope: agsScopes.score,
    headers: { 'content-type': mediaTypes.score, ...headers },
    body: scoreBody(changes),
  });
}

export async function putItem(
  course: TestCourse,
  body: Record<string, unknown>,
): Promise<Response> {
  const headers = { 'content-type': mediaTypes.lineItem };
  return call(course, itemUrl(course.lms), { method: 'PUT', headers, body });
}
