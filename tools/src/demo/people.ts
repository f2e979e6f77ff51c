import { randomUUID } from 'node:crypto';
import { type Api } from '../api.js';
import { DEMO, signIn } from '../start/seed.js';

/** Most rows of one bulk request. */
const BULK = 250;

export interface School {
  adminToken: string;
  teacherToken: string;
  classId: string;
}

export interface Enrolled {
  personId: string;
  invitationCode: string;
}

/** A class of its own for every run, taught by the demo teacher. */
export async function makeClass(api: Api, password: string, name: string): Promise<School> {
  const adminToken = (await signIn(api, DEMO.admin, password)).accessToken;
  const teacherToken = (await signIn(api, DEMO.teacher, password)).accessToken;
  const teacher = await api.get<{ id: string }>('GET', '/people/me', { token: teacherToken });
  const made = await api.get<{ id: string }>('POST', '/classes', {
    token: adminToken,
    body: { name },
    headers: { 'idempotency-key': randomUUID() },
  });
  await api.get('POST', `/classes/${made.id}/enrolments`, {
    token: adminToken,
    body: { personId: teacher.id, role: 'teacher' },
    headers: { 'idempotency-key': randomUUID() },
  });
  return { adminToken, teacherToken, classId: made.id };
}

interface BulkAnswer {
  results: { index: number; status: string; id?: string; invitationCode?: string }[];
}

/** Creates and enrols learners, and answers each one's invitation code in the order given. */
export async function enrolLearners(
  api: Api,
  school: School,
  names: string[],
): Promise<Enrolled[]> {
  const enrolled: Enrolled[] = [];
  for (let start = 0; start < names.length; start += BULK) {
    const people = names.slice(start, start + BULK).map((displayName) => ({
      displayName,
      roles: ['learner'],
      invite: true,
      classId: school.classId,
    }));
    const { results } = await api.get<BulkAnswer>('POST', '/people/bulk', {
      token: school.adminToken,
      body: { people },
      headers: { 'idempotency-key': randomUUID() },
    });
    for (const { status, id, invitationCode } of results) {
      if (status !== 'created' || id === undefined || invitationCode === undefined) {
        throw new Error('A learner could not be created.');
      }
      enrolled.push({ personId: id, invitationCode });
    }
  }
  return enrolled;
}

/** A token from an invitation: single use, so a retry after a lost answer would be refused. */
export async function learnerToken(api: Api, invitationCode: string): Promise<string> {
  const body = { grantType: 'invitation', code: invitationCode };
  return (await api.get<{ accessToken: string }>('POST', '/sessions', { body })).accessToken;
}
