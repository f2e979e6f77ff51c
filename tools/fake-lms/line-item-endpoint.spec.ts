import { mediaTypes } from './fake-lms.js';
import { call, itemUrl, openTestCourse, putItem } from './test-course.js';
import type { TestCourse } from './test-course.js';

let course: TestCourse;

beforeEach(async () => {
  course = await openTestCourse();
});

afterEach(() => course.close());

const headers = { 'content-type': mediaTypes.lineItem, accept: mediaTypes.lineItem };

async function create(body: Record<string, unknown>): Promise<Response> {
  const url = `${course.lms.issuer}/contexts/b2/lineitems`;
  return call(course, url, { method: 'POST', headers, body });
}

test('line items can be created, read, changed and deleted', async () => {
  const made = await create({
    label: 'Quiz',
    scoreMaximum: 20,
    tag: 'q1',
    'https://x.test/a': 1,
  });
  const item = (await made.json()) as { id: string };
  expect(made.status).toBe(201);
  const body = { ...item, label: 'Quiz 2', scoreMaximum: 40 };
  expect((await call(course, item.id, { method: 'PUT', headers, body })).status).toBe(200);
  expect(await (await call(course, item.id, { headers })).json()).toEqual(body);
  expect((await call(course, item.id, { method: 'DELETE' })).status).toBe(204);
  expect((await call(course, item.id, { headers })).status).toBe(404);
});

test.each([
  ['a blank label', { label: ' ', scoreMaximum: 1 }, 400],
  ['no maximum', { label: 'Quiz' }, 400],
  ['a maximum of zero', { label: 'Quiz', scoreMaximum: 0 }, 400],
  ['an unknown link', { label: 'Quiz', scoreMaximum: 1, resourceLinkId: 'x' }, 404],
])('line items with %s are refused', async (_what, body, status) => {
  expect((await create(body)).status).toBe(status);
});

test('line items are listed by filter and page by page', async () => {
  await create({ label: 'A', scoreMaximum: 1, tag: 'quiz' });
  await create({ label: 'B', scoreMaximum: 1, tag: 'quiz' });
  const url = `${course.lms.issuer}/contexts/b2/lineitems?tag=quiz&limit=1`;
  const accept = { accept: mediaTypes.lineItems };
  const first = await call(course, url, { headers: accept });
  expect(await first.json()).toMatchObject([{ label: 'A' }]);
  const next = /^<([^>]+)>; rel="next"$/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
  const second = await call(course, next, { headers: accept });
  expect(await second.json()).toMatchObject([{ label: 'B' }]);
  expect(second.headers.get('link')).toBeNull();
});

test('line items keep the link they were made for', async () => {
  course.lms.addResourceLink({ id: 'b', title: 'B', contextId: 'b2', contextTitle: 'B2' });
  const body = { label: 'Essay', scoreMaximum: 50 };
  expect((await putItem(course, { ...body, resourceLinkId: 'b' })).status).toBe(400);
  expect((await putItem(course, body)).status).toBe(200);
  expect(course.lms.lineItems()[0]?.resourceLinkId).toBe('essay');
});

test.each(['application/json', '*/*', `${mediaTypes.lineItem}, */*`, mediaTypes.lineItems])(
  'line items are not shown to who accepts %s',
  async (accept) => {
    const response = await call(course, itemUrl(course.lms), { headers: { accept } });
    expect(response.status).toBe(406);
  },
);

test('line items of a second context stay out of the first', async () => {
  const link = { id: 'other', title: 'Other', contextId: 'c1', contextTitle: 'English C1' };
  course.lms.addResourceLink({ ...link, lineItem: { label: 'Talk', scoreMaximum: 5 } });
  const url = `${course.lms.issuer}/contexts/c1/lineitems`;
  const listed = await call(course, url, { headers: { accept: mediaTypes.lineItems } });
  expect(await listed.json()).toMatchObject([{ label: 'Talk', resourceLinkId: 'other' }]);
});

test('line items disappear from the launch once a link has two of them', async () => {
  await create({ label: 'Second', scoreMaximum: 1, resourceLinkId: 'essay' });
  const claim = course.lms.claimsFor('7', 'essay')[
    'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint'
  ];
  expect(claim).not.toHaveProperty('lineitem');
});
