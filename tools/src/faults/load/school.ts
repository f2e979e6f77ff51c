import { randomUUID } from 'node:crypto';
import type { Api } from '../../api.js';
import { onceArrived } from '../../demo/attempts.js';
import { responsePackage } from '../../demo/response-package.js';

const ITEMS = ['E1', 'E2'];
const PASSWORD = 'a long enough password';
/** Learners of one bulk request. */
const BULK = 250;
/** Tokens live ten minutes. */
const TOKEN_MS = 7 * 60_000;

export interface SchoolPlan {
  slug: string;
  learners: number;
  assignments: number;
  operatorSecret: string;
}

/** An institution with one class, its learners, and assignments of one small test. */
export class School {
  private readonly tokens = new Map<string, { token: Promise<string>; until: number }>();

  private constructor(
    private readonly api: Api,
    private readonly slug: string,
    readonly institutionId: string,
    readonly classId: string,
    readonly learnerIds: string[],
    readonly assignmentIds: string[],
  ) {}

  static async found(api: Api, plan: SchoolPlan): Promise<School> {
    const { slug, learners, operatorSecret } = plan;
    await api.get('POST', '/institutions', {
      authorization: `Operator ${operatorSecret}`,
      body: {
        slug,
        name: `School ${slug}`,
        admin: { displayName: 'Admin', email: emailOf(slug), password: PASSWORD },
      },
    });
    const token = await signIn(api, slug);
    const group = await create<{ id: string }>(api, '/classes', token, { name: 'Faults' });
    const learnerIds = await enrol(api, token, group.id, learners);
    const { testId } = await api.get<{ testId: string }>('POST', '/imports', {
      token,
      zip: responsePackage(ITEMS),
      headers: { 'idempotency-key': randomUUID() },
    });
    const assignmentIds: string[] = [];
    for (let number = 1; number <= plan.assignments; number += 1) {
      assignmentIds.push(await publish(api, token, group.id, testId, number));
    }
    const institutionId = institutionIn(token);
    return new School(api, slug, institutionId, group.id, learnerIds, assignmentIds);
  }

  admin(): Promise<string> {
    return this.token('admin', () => signIn(this.api, this.slug));
  }

  /** By a new invitation each time: it takes no password to hash, and survives a lost answer. */
  learner(id: string): Promise<string> {
    return this.token(id, async () => {
      const token = await this.admin();
      const path = `/people/${id}/invitations`;
      const { invitationCode } = await create<{ invitationCode: string }>(
        this.api,
        path,
        token,
        {},
      );
      const body = { grantType: 'invitation', code: invitationCode };
      return (await this.api.get<{ accessToken: string }>('POST', '/sessions', { body }))
        .accessToken;
    });
  }

  private token(who: string, make: () => Promise<string>): Promise<string> {
    const known = this.tokens.get(who);
    if (known && known.until > Date.now()) return known.token;
    const token = make();
    this.tokens.set(who, { token, until: Date.now() + TOKEN_MS });
    token.catch(() => this.tokens.delete(who));
    return token;
  }
}

function emailOf(slug: string): string {
  return `admin@${slug}.example`;
}

async function signIn(api: Api, slug: string): Promise<string> {
  const body = {
    grantType: 'password',
    institution: slug,
    email: emailOf(slug),
    password: PASSWORD,
  };
  return (await api.get<{ accessToken: string }>('POST', '/sessions', { body })).accessToken;
}

function create<T>(api: Api, path: string, token: string, body: object): Promise<T> {
  const headers = { 'idempotency-key': randomUUID() };
  return api.get<T>('POST', path, { token, body, headers });
}

async function enrol(api: Api, token: string, classId: string, count: number): Promise<string[]> {
  const ids: string[] = [];
  while (ids.length < count) {
    const people = Array.from({ length: Math.min(BULK, count - ids.length) }, (_, index) => ({
      displayName: `Learner ${ids.length + index + 1}`,
      roles: ['learner'],
      classId,
    }));
    const { results } = await create<{ results: { id?: string }[] }>(api, '/people/bulk', token, {
      people,
    });
    for (const { id } of results) {
      if (id === undefined) throw new Error('A learner could not be created.');
      ids.push(id);
    }
  }
  return ids;
}

async function publish(
  api: Api,
  token: string,
  classId: string,
  testId: string,
  number: number,
): Promise<string> {
  const draft = await onceArrived(() =>
    create<{ id: string }>(api, '/assignments', token, {
      classId,
      testId,
      title: `Assignment ${number}`,
      maxAttempts: 100,
    }),
  );
  await onceArrived(() =>
    api.get('PUT', `/assignments/${draft.id}/publication`, { token, body: {} }),
  );
  return draft.id;
}

/** A token says for which institution it is. */
function institutionIn(token: string): string {
  const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8');
  return (JSON.parse(payload) as { inst: string }).inst;
}
