import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Api } from '../api.js';
import type { School } from './people.js';

export interface DeliveredScore {
  userId: string;
  scoreGiven: number;
  scoreMaximum: number;
}

/** A fake LMS in a process of its own, driven over HTTP as everything else of the demo. */
export class DemoLms {
  private constructor(
    private readonly child: ChildProcess,
    private readonly issuer: string,
  ) {}

  static async start(): Promise<DemoLms> {
    const main = fileURLToPath(new URL('../../fake-lms/main.js', import.meta.url));
    const child = spawn(process.execPath, [main, '--port', '0', '--control'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const line = await new Promise<string>((resolve, reject) => {
      child.stdout?.once('data', (chunk: Buffer) => resolve(chunk.toString('utf8')));
      child.once('exit', (code) => reject(new Error(`The fake LMS ended with code ${code}.`)));
    });
    return new DemoLms(child, (JSON.parse(line) as { issuer: string }).issuer);
  }

  stop(): void {
    this.child.kill('SIGTERM');
  }

  /** Makes the two know each other and puts a link to the assignment into an LMS course. */
  async connect(api: Api, school: School, assignmentId: string, pointsPossible: number) {
    const tool = `${api.baseUrl}/api/v1/lti`;
    const registration = await this.order<Record<string, string>>('POST', 'tools', {
      loginUrl: `${tool}/login`,
      redirectUris: [`${tool}/launch`],
      jwksUrl: `${tool}/jwks`,
      targetLinkUri: `${tool}/launch`,
    });
    await this.order('POST', 'users', {
      id: 'lms-learner-1',
      name: 'Lina From-the-LMS',
      roles: ['http://purl.imsglobal.org/vocab/lis/v2/membership#Learner'],
    });
    await this.order('POST', 'resource-links', {
      id: 'link-1',
      title: 'English test',
      contextId: 'course-1',
      contextTitle: 'English',
      custom: { assignment_id: assignmentId },
      lineItem: { scoreMaximum: pointsPossible, label: 'English test' },
    });
    const made = await api.get<{ id: string }>('POST', '/lti/registrations', {
      token: school.adminToken,
      headers: { 'idempotency-key': randomUUID() },
      body: {
        issuer: registration.issuer,
        clientId: registration.clientId,
        authUrl: registration.authUrl,
        tokenUrl: registration.tokenUrl,
        jwksUrl: registration.jwksUrl,
        allowPrivateHosts: true,
      },
    });
    await api.get('POST', `/lti/registrations/${made.id}/deployments`, {
      token: school.adminToken,
      headers: { 'idempotency-key': randomUUID() },
      body: { deploymentId: registration.deploymentId, classId: school.classId },
    });
  }

  /** Launches the learner as a browser would and answers the launch page's assertion. */
  async launch(): Promise<{ assertion: string; assignmentId: string }> {
    const launched = await this.order<{ endedAt: string; status: number; body: string }>(
      'POST',
      'launches',
      { userId: 'lms-learner-1', resourceLinkId: 'link-1' },
    );
    const page = /<script[^>]*id="launch"[^>]*>(.*?)<\/script>/s.exec(launched.body)?.[1];
    if (launched.endedAt !== 'tool' || launched.status !== 200 || page === undefined) {
      throw new Error(`The launch ended at ${launched.endedAt} with status ${launched.status}.`);
    }
    return JSON.parse(page) as { assertion: string; assignmentId: string };
  }

  async scores(): Promise<DeliveredScore[]> {
    const { scores } = await this.order<{ scores: DeliveredScore[] }>('GET', 'scores');
    return scores.map(({ userId, scoreGiven, scoreMaximum }) => ({
      userId,
      scoreGiven,
      scoreMaximum,
    }));
  }

  private async order<T>(method: string, name: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.issuer}/_control/${name}`, {
      method,
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    if (!response.ok) {
      throw new Error(`The fake LMS refused ${name}: ${response.status} ${await response.text()}`);
    }
    return (await response.json()) as T;
  }
}
