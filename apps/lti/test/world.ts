import { createHash } from 'node:crypto';
import {
  AssignmentPublished,
  CellChanged,
  type CellChangedData,
  LtiIdentityLinked,
} from '@parlance/events';
import { type Id, newId } from '@parlance/kernel';
import { startTestService, type TestAnswer, type TestService } from '@parlance/platform/testing';
import { lti } from '../src/lti.module.js';
import type { Lms } from './lms.js';

export const ORIGIN = 'https://tool.example';
export const TARGET = `${ORIGIN}/api/v1/lti/launch`;
export const KEY_SECRET = createHash('sha256').update('test').digest('base64');

const LTI = 'https://purl.imsglobal.org/spec/lti/claim';
export const AGS_CLAIM = 'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint';
export const LEARNER = 'http://purl.imsglobal.org/vocab/lis/v2/membership#Learner';
export const INSTRUCTOR = 'http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor';
const AGS = 'https://purl.imsglobal.org/spec/lti-ags/scope';
export const SCOPES = [`${AGS}/score`, `${AGS}/result.readonly`, `${AGS}/lineitem`];

export type ClaimSet = Record<string, unknown>;

export function lti13(name: string): string {
  return `${LTI}/${name}`;
}

export function startLti(env: Record<string, string> = {}): Promise<TestService> {
  return startTestService(lti, {
    env: {
      LTI_PUBLIC_URL: ORIGIN,
      LTI_KEY_SECRET: KEY_SECRET,
      LTI_ALLOW_PRIVATE_HOSTS: 'true',
      LTI_DELIVERY_POLL_MS: '50',
      LTI_RETRY_BASE_MS: '30',
      LTI_OUTBOUND_TIMEOUT_MS: '3000',
      LTI_LEASE_MS: '60000',
      ...env,
    },
  });
}

/** One institution with one platform, one deployment in one class, and one assignment. */
export class World {
  readonly institutionId: Id;
  readonly classId = newId();
  readonly assignmentId = newId();
  readonly clientId: string;
  readonly deploymentId: string;
  registrationId: Id = '';
  adminToken = '';
  private versions = new Map<string, number>();

  constructor(
    readonly service: TestService,
    readonly lms: Lms,
    names: { clientId?: string; deploymentId?: string } = {},
  ) {
    this.institutionId = service.institution();
    this.clientId = names.clientId ?? `client-${newId()}`;
    this.deploymentId = names.deploymentId ?? `dep-${newId()}`;
  }

  static async create(
    service: TestService,
    lms: Lms,
    names: { clientId?: string; deploymentId?: string; productFamily?: string } = {},
  ): Promise<World> {
    const world = new World(service, lms, names);
    const { institutionId, classId } = world;
    world.adminToken = await service.token({ institutionId, roles: ['admin'] });
    const { productFamily = '' } = names;
    const made = await world.post('/lti/registrations', {
      ...lms.registration,
      clientId: world.clientId,
      productFamily,
    });
    expect(made.status).toBe(201);
    world.registrationId = made.body.id;
    const bound = await world.post(`/lti/registrations/${world.registrationId}/deployments`, {
      deploymentId: world.deploymentId,
      classId,
    });
    expect(bound.status).toBe(201);
    return world;
  }

  post(path: string, body: unknown, token = this.adminToken): Promise<TestAnswer> {
    return this.service.request('POST', path, { token, body });
  }

  get(path: string, token = this.adminToken): Promise<TestAnswer> {
    return this.service.request('GET', path, { token });
  }

  async publishAssignment(changes: Record<string, unknown> = {}): Promise<void> {
    const data = {
      assignmentId: this.assignmentId,
      classId: this.classId,
      title: 'Unit 3 <test>',
      category: 'Homework',
      pointsPossible: 10,
      status: 'published' as const,
      opensAt: '2026-01-01T00:00:00Z',
      timeZone: 'UTC',
      ...changes,
    };
    const version = this.next(`assignment ${data.assignmentId}`);
    await this.service.deliver(AssignmentPublished, {
      institutionId: this.institutionId,
      version,
      data,
    });
  }

  async link(subject: string, personId: Id, ltiIdentityId = newId()): Promise<void> {
    await this.service.deliver(LtiIdentityLinked, {
      institutionId: this.institutionId,
      version: 1,
      data: { ltiIdentityId, personId, registrationId: this.registrationId, subject },
    });
  }

  cell(learnerId: Id, cellId: Id, changes: Partial<CellChangedData> = {}): CellChangedData {
    return {
      cellId,
      assignmentId: this.assignmentId,
      classId: this.classId,
      learnerId,
      cellVersion: this.next(`cell ${cellId}`),
      status: 'graded',
      points: 7.5,
      pointsPossible: 10,
      overridden: false,
      submittedAt: '2026-01-02T00:00:00Z',
      changedAt: '2026-01-02T00:00:01Z',
      ...changes,
    };
  }

  async grade(learnerId: Id, cellId: Id, changes: Partial<CellChangedData> = {}): Promise<void> {
    const data = this.cell(learnerId, cellId, changes);
    const { institutionId } = this;
    await this.service.deliver(CellChanged, { institutionId, version: data.cellVersion, data });
  }

  /** A login begun in a browser: what its redirect and its cookie carry. */
  async login(fields: Record<string, string | undefined> = {}): Promise<StartedLogin> {
    const answer = await this.postForm('/lti/login', {
      iss: this.lms.issuer,
      login_hint: 'user-1',
      target_link_uri: TARGET,
      client_id: this.clientId,
      lti_deployment_id: this.deploymentId,
      ...fields,
    });
    expect(answer.status).toBe(302);
    const location = new URL(answer.headers.get('location') ?? '');
    const { state = '', nonce = '' } = Object.fromEntries(location.searchParams);
    return { state, nonce, location, cookie: cookieOf(answer) };
  }

  /** The claims of an honest learner launch that answers the login. */
  claims(nonce: string, changes: ClaimSet = {}): ClaimSet {
    const now = Math.floor(Date.now() / 1000);
    return {
      iss: this.lms.issuer,
      aud: this.clientId,
      sub: 'user-1',
      iat: now,
      exp: now + 60,
      nonce,
      [lti13('version')]: '1.3.0',
      [lti13('message_type')]: 'LtiResourceLinkRequest',
      [lti13('deployment_id')]: this.deploymentId,
      [lti13('target_link_uri')]: TARGET,
      [lti13('resource_link')]: { id: 'link-1', title: 'A link' },
      [lti13('roles')]: [LEARNER],
      [lti13('context')]: { id: 'course-1' },
      [lti13('custom')]: { assignment_id: this.assignmentId },
      [AGS_CLAIM]: {
        scope: SCOPES,
        lineitem: `${this.lms.issuer}/li/1/lineitem?type_id=1`,
        lineitems: `${this.lms.issuer}/lineitems?type_id=1`,
      },
      ...changes,
    };
  }

  postLaunch(login: StartedLogin, idToken: string, cookie = login.cookie): Promise<TestAnswer> {
    return this.postForm('/lti/launch', { state: login.state, id_token: idToken }, cookie);
  }

  /** A whole launch; `undefined` among the changes takes a claim away. */
  async launch(changes: ClaimSet = {}): Promise<TestAnswer> {
    const login = await this.login();
    return this.postLaunch(login, this.lms.sign(this.claims(login.nonce, changes)));
  }

  postForm(
    path: string,
    fields: Record<string, string | undefined>,
    cookie?: string,
  ): Promise<TestAnswer> {
    const form = new URLSearchParams();
    for (const [name, value] of Object.entries(fields)) {
      if (value !== undefined) form.append(name, value);
    }
    const headers: Record<string, string> = { 'content-type': 'application/x-www-form-urlencoded' };
    if (cookie !== undefined && cookie !== '') headers.cookie = cookie;
    return this.service.request('POST', path, { raw: form.toString(), headers });
  }

  async deliveries(query = ''): Promise<Record<string, unknown>[]> {
    const answer = await this.get(`/lti/deliveries?assignmentId=${this.assignmentId}${query}`);
    expect(answer.status).toBe(200);
    return answer.body.items;
  }

  /** A learner of whom only the grade is missing: launched and linked. */
  async readyLearner(subject = 'user-1'): Promise<{ personId: Id; cellId: Id }> {
    const person = { personId: newId(), cellId: newId() };
    expect((await this.launch({ sub: subject })).status).toBe(200);
    await this.link(subject, person.personId);
    return person;
  }

  /** Waits until the newest delivery of the assignment has this reason. */
  untilReason(reason: string): Promise<Record<string, unknown>> {
    return eventually(async () => {
      const [newest] = await this.deliveries();
      return newest?.reason === reason ? newest : undefined;
    }, `a delivery with reason ${reason}`);
  }

  /** Waits until the newest delivery of the assignment has this status. */
  async untilStatus(status: string, patienceMs = 20_000): Promise<Record<string, unknown>> {
    const look = async () => {
      const [newest] = await this.deliveries();
      return newest?.status === status ? newest : undefined;
    };
    return eventually(look, `a delivery that is ${status}`, patienceMs);
  }

  private next(name: string): number {
    const version = (this.versions.get(name) ?? 0) + 1;
    this.versions.set(name, version);
    return version;
  }
}

/** Looks again and again until there is something to see. */
export async function eventually<T>(
  look: () => Promise<T | undefined>,
  about: string,
  patienceMs = 20_000,
): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`Waited in vain: ${about}.`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

export interface StartedLogin {
  state: string;
  nonce: string;
  location: URL;
  cookie: string;
}

export function cookieOf(answer: TestAnswer): string {
  return (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
}

/** The code on a refusal page. */
export function reasonOf(answer: TestAnswer): string | undefined {
  return /<dd id="reason">([\w-]+)<\/dd>/.exec(String(answer.body))?.[1];
}

/** The JSON that a launch page holds for the client. */
export function launchData(answer: TestAnswer): {
  assertion: string | null;
  assignmentId: string | null;
  apiBase: string;
} {
  const script = /<script type="application\/json" id="launch">(.*?)<\/script>/s;
  return JSON.parse(script.exec(String(answer.body))?.[1] ?? 'null');
}
