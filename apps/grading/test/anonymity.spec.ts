import { type Id, idTimeMs, isId, newId } from '@parlance/kernel';
import { eventually } from '@parlance/messaging/testing';
import { RescoreWorker } from '../src/rescore-worker.js';
import { answer, School } from './school.js';

/**
 * Whoever marks without names has the tracking page, the attempts and the gradebook of the same
 * class open beside the queue. Nothing in the queue, and nothing else that is about answers,
 * may be in there too: neither an id, nor a text, nor an instant.
 */
let school: School;
let assignmentId: Id;
let choiceId: Id;
const learners: Id[] = [];
const attempts: Id[] = [];
/** When learners were at work, in ms: from the first start to the last hand-in. */
let workBeganMs: number;
let workEndedMs: number;

const WEBM = Buffer.from('1a45dfa39f4286810142f7810142f2810442f381084282847765626d', 'hex');
const adminId = newId();

const choice = {
  ...{ type: 'single-choice', prompt: 'She ___ to school.' },
  choices: [
    { id: 'goes', text: 'goes', correct: true },
    { id: 'go', text: 'go' },
  ],
};

beforeAll(async () => {
  school = await School.open();
  choiceId = await school.publishItem(choice);
  const items = [
    choiceId,
    await school.publishItem({ type: 'essay', prompt: 'A journey.', points: 5 }),
    await school.publishItem({
      ...{ type: 'speaking', prompt: 'My town.', maxSeconds: 60, points: 5 },
    }),
  ];
  assignmentId = await school.assign(items, 11);
  await anonymous(true, 0);
  workBeganMs = Date.now();
  for (const name of ['Ann Alder', 'Ben Birch', 'Cid Cedar']) await handIn(name);
  await eventually(async () => ((await openTasks()).length === 6 ? true : undefined));
  workEndedMs = Date.now();
}, 60_000);
afterAll(() => school.stop());

function anonymous(isOn: boolean, version: number) {
  const release = { score: 'immediately', answers: 'immediately', feedback: 'immediately' };
  const body = { anonymous: isOn, slots: [], release };
  const rest = { headers: { 'if-match': `"${version}"` }, body };
  return school.teacher('grading', 'PUT', `/marking-settings/${assignmentId}`, rest);
}

async function openTasks(): Promise<{ id: Id; slot: number; label: string }[]> {
  return (await school.teacher('grading', 'GET', '/review-tasks?status=open')).body.items;
}

async function handIn(name: string): Promise<void> {
  const learnerId = await school.learner(name);
  const attemptId = await school.start(assignmentId, learnerId);
  const uploadId = await record(attemptId, learnerId);
  await school.save(attemptId, learnerId, [
    answer(1, learners.length === 0 ? 'go' : 'goes'),
    answer(2, `My journey, by number ${learners.length}.`),
    answer(3, uploadId),
  ]);
  await school.submit(attemptId, learnerId);
  learners.push(learnerId);
  attempts.push(attemptId);
}

/** A recording as a learner's client sends it. */
async function record(attemptId: Id, learnerId: Id): Promise<Id> {
  const ask = async (method: string, path: string, body?: object) => {
    const rest = { headers: { 'idempotency-key': newId() }, ...(body && { body }) };
    const at = `/attempts/${attemptId}/uploads${path}`;
    return (await school.as('assignments', learnerId, 'learner', method, at, rest)).body;
  };
  const about = { slot: 3, responseId: 'R1', mediaType: 'audio/webm', durationSeconds: 9 };
  const { id } = await ask('POST', '', { ...about, sizeBytes: WEBM.length });
  const { url, method, headers } = await ask('POST', `/${id}/parts/1`);
  const sent = await fetch(url, { method, headers, body: new Uint8Array(WEBM) });
  await ask('PUT', `/${id}/parts/1`, { etag: sent.headers.get('etag') });
  expect(await ask('PUT', `/${id}/completion`)).toMatchObject({ status: 'completed' });
  return id;
}

/** Every text in an answer, with what URLs in it are made of. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value, ...(value.includes('/') ? piecesOf(value) : [])];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsOf);
}

const piecesOf = (text: string) => decodeURIComponent(text).split(/[/?&=]/);

const refused = (path: string, rest: object = {}, method = 'GET') =>
  school.teacher('grading', method, path, rest);

/** What the services say of one learner to their teacher, where names are shown. */
async function saidOf(index: number): Promise<Set<string>> {
  const [learnerId, attemptId] = [learners[index] ?? '', attempts[index] ?? ''];
  const of = async (name: 'assignments' | 'gradebook', path: string) =>
    (await school.teacher(name, 'GET', path)).body;
  const page = await of('assignments', `/assignments/${assignmentId}/attempts`);
  const row = page.items.find((one: { learnerId: Id }) => one.learnerId === learnerId);
  expect(row).toMatchObject({ attemptId, status: 'submitted' });
  const grades = await of('gradebook', `/gradebooks/${school.classId}/learners/${learnerId}`);
  const [{ id: cellId }] = grades.cells;
  const why = `/assignments/${assignmentId}/due-date-explanation?learnerId=${learnerId}`;
  const history = `/gradebooks/${school.classId}/cells/${cellId}/history`;
  const said = [row, grades, await of('assignments', `/attempts/${attemptId}`)];
  said.push(await of('assignments', why), await of('gradebook', history));
  return new Set(said.flatMap(textsOf).filter((text) => text.length > 3));
}

/** What is said of some learners and not of all: what one could be looked up by. */
async function personalTexts(): Promise<Set<string>> {
  const all = [await saidOf(0), await saidOf(1), await saidOf(2)];
  const personal = all.flatMap((one) =>
    [...one].filter((text) => !all.every((other) => other.has(text))),
  );
  return new Set([...personal, ...learners, ...attempts]);
}

/** Refuses an answer to the marker that a learner could be looked up by. */
function requireNameless(answered: unknown, personal: ReadonlySet<string>, what: string): void {
  const texts = textsOf(answered);
  expect([what, texts.filter((text) => personal.has(text))]).toEqual([what, []]);
  const hidden = [...personal].filter((one) => texts.some((text) => text.includes(one)));
  expect([what, hidden]).toEqual([what, []]);
  const instants = texts
    .map((text) => (isId(text) ? idTimeMs(text) : Date.parse(text)))
    .filter((ms) => ms > workBeganMs && ms < workEndedMs);
  expect([what, instants]).toEqual([what, []]);
}

it('teachers see where an attempt stands, and neither its questions nor its answers', async () => {
  const { body } = await school.teacher('assignments', 'GET', `/attempts/${attempts[0]}`);
  expect(body).toMatchObject({ status: 'submitted', learnerId: learners[0], sections: [] });
  const own = `/attempts/${attempts[0]}`;
  const { body: form } = await school.as(
    ...(['assignments', learners[0] ?? '', 'learner', 'GET', own] as const),
  );
  expect(form.sections[0].items).toHaveLength(3);
});

it('what a marker gets holds nothing a learner could be looked up by', async () => {
  const personal = await personalTexts();
  expect([...learners, ...attempts, 'Ann Alder'].every((one) => personal.has(one))).toBe(true);
  const heard: string[] = [];
  for (const query of ['', '?status=open', '?limit=1', `?assignmentId=${assignmentId}`]) {
    const { body } = await school.teacher('grading', 'GET', `/review-tasks${query}`);
    requireNameless(body, personal, `tasks${query}`);
  }
  const counts = await school.teacher('grading', 'GET', '/review-tasks/counts');
  requireNameless(counts.body, personal, 'counts');
  for (const { id } of await openTasks()) {
    const rest = { body: { taskId: id }, headers: { 'idempotency-key': newId() } };
    const claimed = await school.teacher('grading', 'POST', '/review-tasks/claims', rest);
    expect(claimed.status).toBe(201);
    requireNameless(claimed.body, personal, 'claim');
    expect(claimed.body).toMatchObject({ attemptId: null, evidenceUploadId: null });
    const read = await school.teacher('grading', 'GET', `/review-tasks/${id}`);
    requireNameless(read.body, personal, 'task');
    const lease = await school.teacher('grading', 'PUT', `/review-tasks/${id}/lease`);
    requireNameless(lease.body, personal, 'lease');
    if (read.body.slot !== 3) continue;
    const { body } = await school.teacher('grading', 'GET', `/review-tasks/${id}/recording`);
    requireNameless(body, personal, 'recording');
    const sound = await fetch(body.url);
    expect(Buffer.from(await sound.arrayBuffer()).equals(WEBM)).toBe(true);
    // Dates in headers have whole seconds; that of a copy is when it was first listened to.
    const headers = [...sound.headers].filter(([name]) => !/^(date|last-modified)$/.test(name));
    requireNameless(headers, personal, 'headers of the recording');
    heard.push(new URL(body.url).pathname);
  }
  expect(new Set(heard).size).toBe(3);
  expect(heard.every((path) => path.includes('/nameless/'))).toBe(true);
});

it('a task says the day it was handed in on and nothing of the order within it', async () => {
  const tasks = await openTasks();
  const { body } = await school.teacher('grading', 'GET', '/review-tasks?status=claimed');
  const times = [...tasks, ...body.items].map(({ id }: { id: Id }) => idTimeMs(id) % 86_400_000);
  expect(times).toEqual(Array(6).fill(0));
});

it('a score, its history and its override are closed to whoever marks without names', async () => {
  for (const attemptId of attempts) {
    const seen = { headers: { 'if-match': '"1"' }, body: { points: 1, reason: 'why' } };
    const answers = [
      await refused(`/scores/${attemptId}`),
      await refused(`/scores/${attemptId}/history`),
      await refused(`/scores/${attemptId}/override`, seen, 'PUT'),
      await refused(`/scores/${attemptId}/override`, { headers: seen.headers }, 'DELETE'),
    ];
    const codes = answers.map(({ status, body }) => [status, body.code]);
    expect(codes).toEqual(Array(4).fill([403, 'anonymous-until-final']));
  }
});

it('names cannot be asked for while something is being marked, but by an admin', async () => {
  const { status, body } = await anonymous(false, 1);
  expect([status, body.code]).toEqual([403, 'anonymous-until-final']);
  const path = `/marking-settings/${assignmentId}`;
  const { body: settings } = await school.teacher('grading', 'GET', path);
  expect(settings).toMatchObject({ anonymous: true, version: 1 });
  requireNameless(settings, await personalTexts(), 'settings');
});

it('a dispute waits for the teacher until the score is final', async () => {
  const [learnerId, attemptId] = [learners[0] ?? '', attempts[0] ?? ''];
  const rest = { body: { attemptId, slot: 1, text: 'I said "goes", I am Ann.' } };
  const opened = await school.as(
    ...(['grading', learnerId, 'learner', 'POST', '/score-disputes', rest] as const),
  );
  expect(opened.status).toBe(201);
  const of = async (query: string) =>
    (await school.teacher('grading', 'GET', `/score-disputes${query}`)).body;
  expect((await of('')).items).toEqual([]);
  expect((await of(`?attemptId=${attemptId}`)).items).toEqual([]);
  expect((await of(`/${opened.body.id}`)).code).toBe('dispute-not-found');
  const say = `/score-disputes/${opened.body.id}/messages`;
  const said = await school.teacher('grading', 'POST', say, { body: { text: 'Hm' } });
  expect(said.body.code).toBe('dispute-not-found');
});

it('a campaign shows its teacher no attempt that is marked without names', async () => {
  const toVersionId = await school.publishItem({
    ...choice,
    choices: choice.choices.map(({ id, text }) => ({ id, text, correct: id === 'go' })),
  });
  const body = { fromVersionId: choiceId, toVersionId, reason: 'The key was wrong.' };
  const opened = await school.teacher('grading', 'POST', '/rescore-campaigns', { body });
  const path = `/rescore-campaigns/${opened.body.id}`;
  const until = (state: string) =>
    eventually(async () => {
      await school.services.grading.get(RescoreWorker).drain();
      const { body: campaign } = await school.teacher('grading', 'GET', path);
      return campaign.state === state ? campaign : undefined;
    });
  const { version } = await until('draft');
  const personal = await personalTexts();
  const impact = await school.teacher('grading', 'GET', `${path}/impact`);
  expect(impact.body.items).toMatchObject([{ attempts: 3, raised: 1, lowered: 2, samples: [] }]);
  requireNameless(impact.body, personal, 'impact');
  const rest = { headers: { 'if-match': `"${version}"` } };
  const asAdmin = (method: string, at: string, more = {}) =>
    school.as('grading', adminId, 'admin', method, at, more);
  expect((await asAdmin('PUT', `${path}/approval`, rest)).status).toBe(200);
  await until('applied');
  const outcomes = await school.teacher('grading', 'GET', `${path}/outcomes`);
  expect(outcomes.body.items).toEqual([]);
  requireNameless(outcomes.body, personal, 'outcomes');
  expect((await asAdmin('GET', `${path}/outcomes`)).body.items).toHaveLength(3);
});

it('half a marking changes nothing where names are, and the whole of it tells them', async () => {
  const grades = async () => {
    const { body } = await school.teacher('gradebook', 'GET', `/gradebooks/${school.classId}`);
    return body.items;
  };
  const before = await grades();
  const personal = await personalTexts();
  const { body } = await school.teacher('grading', 'GET', '/review-tasks?status=claimed');
  const tasks = body.items as { id: Id; slot: number; label: string }[];
  const label = tasks[0]?.label;
  const own = tasks.filter((task) => task.label === label);
  expect(own.map(({ slot }) => slot).sort()).toEqual([2, 3]);
  const [essay, speech] = own.sort((a, b) => a.slot - b.slot);
  const mark = (id = '', rest: object = {}) => {
    const given = { points: 4, comment: 'Well done.', ...rest };
    return school.teacher('grading', 'PUT', `/review-tasks/${id}/mark`, { body: given });
  };
  const annotations = [{ start: 0, end: 2, comment: 'Whose?' }];
  const half = await mark(essay?.id, { annotations });
  expect(half.body).toMatchObject({ status: 'done', attemptId: null, annotations });
  requireNameless(half.body, personal, 'mark');
  const agreement = `/marking-settings/${assignmentId}/agreement`;
  requireNameless((await refused(agreement)).body, personal, 'agreement');
  for (const attemptId of attempts) {
    expect((await refused(`/scores/${attemptId}/history`)).status).toBe(403);
  }
  expect(await grades()).toEqual(before);
  const whole = await mark(speech?.id);
  expect(whole.body.label).toBeNull();
  expect(attempts).toContain(whole.body.attemptId);
  const score = await school.teacher('grading', 'GET', `/scores/${whole.body.attemptId}`);
  expect(score.body).toMatchObject({ status: 'final' });
  expect(learners).toContain(score.body.learnerId);
});
