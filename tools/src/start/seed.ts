import { Api, UnexpectedAnswer } from '../api.js';
import { addressOf, type Layout } from './layout.js';
import type { Secrets } from './secrets.js';

/** The institution a first start makes, so that there is something to sign in to. */
export const DEMO = {
  slug: 'demo',
  admin: 'admin@demo.example',
  teacher: 'teacher@demo.example',
  learner: 'learner@demo.example',
} as const;

interface Session {
  accessToken: string;
}

interface Created {
  id: string;
}

/** Seeds the demo institution when it is missing; answers what to tell the person who started. */
export async function seedDemo(layout: Layout, secrets: Secrets): Promise<string> {
  const gateway = addressOf(layout.ports.gateway);
  const api = new Api(gateway);
  await seedInstitution(api, secrets);
  const { demoPassword: password } = secrets;
  return [
    '',
    `  API            ${gateway}/api/v1`,
    `  API docs       ${gateway}/api/docs`,
    `  On-call        ${addressOf(layout.ports.oncall)}`,
    `  Logs           ${layout.folder}/logs`,
    '',
    `  Sign-ins of the institution "${DEMO.slug}", password ${password}`,
    `    admin        ${DEMO.admin}`,
    `    teacher      ${DEMO.teacher}`,
    `    learner      ${DEMO.learner}`,
    '',
    '  Next           npm run demo                  (in another terminal)',
    '                 npm run trace -- <request id>',
    '  Stop           Ctrl-C',
    '',
  ].join('\n');
}

async function seedInstitution(api: Api, secrets: Secrets): Promise<void> {
  const password = secrets.demoPassword;
  try {
    await api.get('POST', '/institutions', {
      authorization: `Operator ${secrets.operatorSecret}`,
      body: {
        slug: DEMO.slug,
        name: 'Demo School of English',
        admin: { displayName: 'Ada Admin', email: DEMO.admin, password },
      },
    });
  } catch (error) {
    if (error instanceof UnexpectedAnswer && error.code === 'institution-exists') return;
    throw error;
  }
  const { accessToken: token } = await signIn(api, DEMO.admin, password);
  const person = (displayName: string, email: string, role: string) =>
    api.get<Created>('POST', '/people', {
      token,
      body: { displayName, email, roles: [role], password },
    });
  const teacher = await person('Tessa Teacher', DEMO.teacher, 'teacher');
  const learner = await person('Leo Learner', DEMO.learner, 'learner');
  const group = await api.get<Created>('POST', '/classes', { token, body: { name: 'English B1' } });
  for (const [personId, role] of [
    [teacher.id, 'teacher'],
    [learner.id, 'learner'],
  ]) {
    await api.get('POST', `/classes/${group.id}/enrolments`, { token, body: { personId, role } });
  }
}

export function signIn(api: Api, email: string, password: string): Promise<Session> {
  const body = { grantType: 'password', institution: DEMO.slug, email, password };
  return api.get<Session>('POST', '/sessions', { body });
}
