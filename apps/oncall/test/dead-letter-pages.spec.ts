import { newId } from '@parlance/kernel';
import { TEST_OPERATOR_SECRET } from '@parlance/platform/testing';
import { LetterRuns } from '../src/letter-runs.js';
import { SCORED } from './letter-queues.js';
import { OncallBench, refusedEvent, TRACE, unique } from './oncall-bench.js';

const HOSTILE = '<script>alert(1)</script>" onload="x';
const bench = new OncallBench().install();
let cookie: string;

const urlOf = (path: string) => `http://127.0.0.1:${bench.service.port}${path}`;

function visit(path: string, headers: Record<string, string> = { cookie }): Promise<Response> {
  return fetch(urlOf(path), { headers, redirect: 'manual' });
}

const textOf = async (path: string) => (await visit(path)).text();

function post(path: string, form: Record<string, string>, headers: Record<string, string> = {}) {
  const body = new URLSearchParams(form);
  const all = { cookie, ...headers };
  return fetch(urlOf(path), { method: 'POST', body, headers: all, redirect: 'manual' });
}

async function signIn(): Promise<string> {
  const answer = await post('/sign-in', { secret: TEST_OPERATOR_SECRET }, { cookie: '' });
  return answer.headers.get('set-cookie')?.split(';')[0] ?? '';
}

/** The hidden fields of the form that a page sends to a path. */
function fieldsOf(page: string, action: string, which = 0): Record<string, string> {
  const forms = [...page.matchAll(/<form[^>]*action="([^"]*)"[^>]*>([^]*?)<\/form>/g)];
  const inputs = forms.filter(([, to]) => to === action)[which]?.[2] ?? '';
  const hidden = inputs.matchAll(/type="hidden"\s+name="([^"]*)"\s+value="([^"]*)"/g);
  return Object.fromEntries([...hidden].map(([, name = '', value = '']) => [name, value]));
}

beforeAll(async () => {
  cookie = await signIn();
});

test('from the list over a group and its letters to a redrive, seen before it is done', async () => {
  const fingerprint = unique();
  await bench.queues.put({ fingerprint, traceId: TRACE });
  await bench.queues.put({ fingerprint });
  const list = await textOf('/dead-letters');
  const [, groupPath = ''] = new RegExp(`href="([^"]*${fingerprint})"`).exec(list) ?? [];
  expect(groupPath).toContain('/dead-letters/group?');
  const group = await textOf(groupPath.replaceAll('&amp;', '&'));
  expect(group).toContain('2 letters');
  expect(group).toContain(`href="/traces/${TRACE}"`);
  const fields = fieldsOf(group, '/dead-letters/check');
  expect(fields).toMatchObject({ action: 'redrive', fingerprint, type: SCORED });

  const check = await post('/dead-letters/check', { ...fields, operator: 'Ada', reason: '' });
  expect(check.status).toBe(200);
  const page = await check.text();
  expect(page).toContain('Redrive 2 letters?');
  expect(await bench.countOf(fingerprint)).toBe(2);

  const started = await post('/dead-letters/runs', fieldsOf(page, '/dead-letters/runs'));
  expect(started.status).toBe(303);
  const runPath = started.headers.get('location') ?? '';
  await bench.service.get(LetterRuns).settled();
  const run = await textOf(runPath);
  expect(run).toContain('2 redriven');
  expect(run).toContain('Redrive by Ada');
  expect(await textOf('/dead-letters/audit')).toContain(runPath);
  expect(await bench.countOf(fingerprint)).toBe(0);
});

test('a discard asks for a reason, and one letter can be discarded alone', async () => {
  const fingerprint = unique();
  const eventId = await bench.queues.put({ fingerprint });
  await bench.queues.put({ fingerprint });
  const { letters } = (await bench.get(`/letters?id=${eventId}`)).body;
  const letter = await textOf(`/dead-letters/letters/${letters[0].id}`);
  const fields = fieldsOf(letter, '/dead-letters/check', 1);
  expect(fields).toMatchObject({ action: 'discard', id: letters[0].id });
  const without = await post('/dead-letters/check', { ...fields, operator: 'Ada' });
  expect(without.status).toBe(400);
  expect(await without.text()).toContain('reason');
  const check = await post('/dead-letters/check', { ...fields, operator: 'Ada', reason: 'a test' });
  const confirmed = fieldsOf(await check.text(), '/dead-letters/runs');
  expect((await post('/dead-letters/runs', confirmed)).status).toBe(303);
  await bench.service.get(LetterRuns).settled();
  expect(await bench.countOf(fingerprint)).toBe(1);
});

test('paused types are told of and resumed', async () => {
  const fields = fieldsOf(await textOf('/dead-letters'), '/dead-letters/resume');
  expect(fields.type).toBe(SCORED);
  const answer = await post('/dead-letters/resume', { ...fields, operator: 'Ada' });
  expect(answer.status).toBe(303);
  expect(answer.headers.get('location')).toBe('/dead-letters');
  expect((await post('/dead-letters/resume', { ...fields, operator: '' })).status).toBe(400);
});

describe('nobody else', () => {
  test('sees a page without signing in, and is led back to it afterwards', async () => {
    const paths = ['', '/group?type=x.y', `/letters/${newId()}`, '/audit', `/runs/${newId()}`];
    for (const path of paths.map((end) => `/dead-letters${end}`)) {
      const answer = await visit(path, {});
      expect([path, answer.status]).toEqual([path, 401]);
      expect(await answer.text()).toContain(`name="to" value="${path}"`);
    }
    const signedIn = await post('/sign-in', {
      secret: TEST_OPERATOR_SECRET,
      to: '/dead-letters/group?queue=x&fingerprint=a',
    });
    expect(signedIn.headers.get('location')).toBe('/dead-letters/group?queue=x&fingerprint=a');
  });

  test.each([
    '/dead-letters//evil',
    '/dead-letters/../x',
    '/dead-letters?x=//evil',
    '//dead-letters',
  ])('is led to %s', async (to) => {
    const answer = await post('/sign-in', { secret: TEST_OPERATOR_SECRET, to });
    expect(answer.headers.get('location')).toBe('/');
  });

  test('does anything without a session, or with a form of another one', async () => {
    const fingerprint = unique();
    await bench.queues.put({ fingerprint });
    const group = await textOf(`/dead-letters/group?fingerprint=${fingerprint}`);
    const order: Record<string, string> = {
      ...fieldsOf(group, '/dead-letters/check', 1),
      operator: 'Ada',
      reason: 'x',
      ratePerSecond: '50',
      type: SCORED,
    };
    const paths = ['check', 'runs', 'resume'].map((name) => `/dead-letters/${name}`);
    const { form: _, ...bare } = order;
    const elsewhere = await signIn();
    for (const path of paths) {
      expect((await post(path, order, { cookie: '' })).status).toBe(401);
      expect((await post(path, order, { cookie: `${cookie}x` })).status).toBe(401);
      expect((await post(path, bare)).status).toBe(403);
      expect((await post(path, { ...order, form: 'x' })).status).toBe(403);
      expect((await post(path, order, { cookie: elsewhere })).status).toBe(403);
    }
    expect(await bench.countOf(fingerprint)).toBe(1);
  });
});

test('wrong input is told, and nothing is done', async () => {
  const { form = '' } = fieldsOf(await textOf('/dead-letters'), '/dead-letters/resume');
  const good = { form, action: 'redrive', operator: 'Ada', type: SCORED };
  for (const wrong of [
    { ...good, action: 'drop' },
    { ...good, operator: ' ' },
    { ...good, ratePerSecond: '0' },
    { ...good, ratePerSecond: 'x' },
    { ...good, type: '' },
    { ...good, fingerprint: HOSTILE },
    { ...good, queue: HOSTILE },
  ]) {
    for (const path of ['/dead-letters/check', '/dead-letters/runs']) {
      const answer = await post(path, wrong);
      expect([wrong, answer.status]).toEqual([wrong, 400]);
      expect(await answer.text()).not.toContain('<script');
    }
  }
  expect((await visit(`/dead-letters?institutionId=${encodeURIComponent(HOSTILE)}`)).status).toBe(
    400,
  );
  expect((await visit('/dead-letters/runs/x')).status).toBe(404);
  expect((await visit(`/dead-letters/letters/${newId()}`)).status).toBe(404);
});

test('whatever came from outside is escaped, and what people wrote is not there', async () => {
  const fingerprint = unique();
  const data = { essay: HOSTILE, [HOSTILE]: 1 };
  const eventId = await bench.queues.put({ fingerprint, data, type: HOSTILE });
  bench.failedEvents = [{ ...refusedEvent(), type: HOSTILE, key: HOSTILE, lastError: HOSTILE }];
  const refused = bench.failedEvents[0]?.eventId ?? '';
  const { letters } = (await bench.get(`/letters?id=${eventId}`)).body;
  for (const path of [
    '',
    `/group?fingerprint=${fingerprint}`,
    '/group?queue=grading-outbox',
    `/letters/${letters[0].id}`,
    `/letters/${refused}?queue=grading-outbox`,
  ]) {
    const answer = await visit(`/dead-letters${path}`);
    expect([path, answer.status]).toEqual([path, 200]);
    const text = await answer.text();
    expect(text).not.toContain('<script');
    expect(text).not.toContain('" onload');
    if (!path.includes('outbox') && !path.includes(refused) && path !== '') {
      expect(text).not.toContain('alert(1)');
    }
  }
});

test('the pages have a language, landmarks, one first heading and labelled fields', async () => {
  const fingerprint = unique();
  const eventId = await bench.queues.put({ fingerprint });
  const { letters } = (await bench.get(`/letters?id=${eventId}`)).body;
  for (const path of [
    '',
    `/group?fingerprint=${fingerprint}`,
    `/letters/${letters[0].id}`,
    '/audit',
  ]) {
    const text = await textOf(`/dead-letters${path}`);
    expect(text).toContain('<html lang="en">');
    expect(text.match(/<h1>/g)).toHaveLength(1);
    expect(text).toMatch(/<header>[^]*<nav aria-label="Pages">[^]*<main id="main">[^]*<footer>/);
    for (const [, attributes] of text.matchAll(/<th( [^>]*)?>/g)) {
      expect(attributes).toContain('scope="col"');
    }
    const outsideLabels = text.replace(/<label[^]*?<\/label>/g, '');
    const controls = [...outsideLabels.matchAll(/<(input|select)\b[^>]*>/g)].map(([tag]) => tag);
    // The search box has its label beside it.
    const named = (tag: string) => /type="hidden"|\sid="id"/.test(tag);
    expect(controls.filter((tag) => !named(tag))).toEqual([]);
  }
});
