import { Body, Controller, Get, Inject, Module, Post } from '@nestjs/common';
import { newId } from '@parlance/kernel';
import {
  CurrentActor,
  Database,
  IdempotencyKey,
  once,
  OperatorOnly,
  Public,
  Roles,
  type Actor,
  TextField,
  tenantTable,
} from '../src/index.js';
import { startTestService, TEST_OPERATOR_SECRET, type TestService } from '../src/testing/index.js';

class NoteInput {
  @TextField({ max: 20 }) text: string;
}

@Controller('notes')
class NotesController {
  constructor(@Inject(Database) private readonly database: Database) {}

  @Public()
  @Get('open')
  open() {
    return { open: true };
  }

  @OperatorOnly()
  @Get('operator')
  operator() {
    return { operator: true };
  }

  @Roles('teacher')
  @Get()
  list(@CurrentActor() actor: Actor) {
    // No filter on purpose: row-level security must be enough.
    return this.database.inInstitution(actor.institutionId, (tx) =>
      tx.query('SELECT text FROM note ORDER BY text'),
    );
  }

  @Post()
  add(@CurrentActor() actor: Actor, @Body() body: NoteInput, @IdempotencyKey() key?: string) {
    return this.database.inInstitution(actor.institutionId, (tx) =>
      once(tx, { actor, key, operation: 'add-note', body }, async () => {
        const id = newId();
        await tx.query('INSERT INTO note (institution_id, id, text) VALUES ($1, $2, $3)', [
          actor.institutionId,
          id,
          body.text,
        ]);
        return { id };
      }),
    );
  }

  @Get('broken')
  broken() {
    throw new Error('a secret detail');
  }

  @Get('full')
  full(@CurrentActor() actor: Actor) {
    // What the server says when its disk is full.
    const sql = `DO $$ BEGIN RAISE EXCEPTION 'No space left' USING ERRCODE = '53100'; END $$`;
    return this.database.inInstitution(actor.institutionId, (tx) => tx.query(sql));
  }
}

@Module({ controllers: [NotesController] })
class NotesModule {}

const definition = {
  name: 'gradebook',
  title: 'Notes',
  module: NotesModule,
  messaging: false,
  migrations: [
    {
      name: 'Notes1700000000002',
      up: [
        `CREATE TABLE note (institution_id uuid NOT NULL, id uuid NOT NULL, text text NOT NULL,
           PRIMARY KEY (institution_id, id))`,
        ...tenantTable('note'),
      ],
      down: ['DROP TABLE note'],
    },
  ],
};

let service: TestService;

beforeAll(async () => {
  service = await startTestService(definition);
});

afterAll(() => service?.stop());

const teacherOf = (institutionId: string) => service.token({ institutionId, roles: ['teacher'] });

describe('a request', () => {
  it('has its trace id as x-request-id, errors included', async () => {
    const open = await service.request('GET', '/notes/open');
    expect(open.status).toBe(200);
    expect(open.headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/);
    const missing = await service.request('GET', '/nowhere');
    expect(missing.status).toBe(404);
    expect(missing.body).toMatchObject({ code: 'route-not-found', status: 404 });
    expect(missing.body.requestId).toBe(missing.headers.get('x-request-id'));
    expect(missing.headers.get('content-type')).toContain('application/problem+json');
  });

  it('without, with a tampered and with an expired token is 401', async () => {
    const institutionId = service.institution();
    const good = await teacherOf(institutionId);
    const [head, body, signature] = good.split('.') as [string, string, string];
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString());
    const forged = Buffer.from(JSON.stringify({ ...claims, roles: ['admin'] })).toString(
      'base64url',
    );
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${body}.${signature}`;
    const expired = await service.token({
      institutionId,
      roles: ['teacher'],
      expiresInSeconds: -60,
    });
    const foreign = await service.token({
      institutionId,
      roles: ['teacher'],
      claims: { aud: 'somebody-else' },
    });
    for (const token of [
      undefined,
      'x.y.z',
      `${head}.${forged}.${signature}`,
      none,
      expired,
      foreign,
    ]) {
      const answer = await service.request('GET', '/notes', token === undefined ? {} : { token });
      expect(answer.status).toBe(401);
    }
    expect((await service.request('GET', '/notes', { token: good })).status).toBe(200);
  });

  it('in a role the route does not take is 403', async () => {
    const token = await service.token({ institutionId: service.institution(), roles: ['learner'] });
    const answer = await service.request('GET', '/notes', { token });
    expect(answer).toMatchObject({ status: 403, body: { code: 'role-required' } });
  });

  it('for operators needs their secret', async () => {
    const wrong = await service.request('GET', '/notes/operator', {
      headers: { authorization: 'Operator wrong' },
    });
    expect(wrong.status).toBe(401);
    const right = await service.request('GET', '/notes/operator', {
      headers: { authorization: `Operator ${TEST_OPERATOR_SECRET}` },
    });
    expect(right.body).toEqual({ operator: true });
  });

  it('that makes us fail says nothing of our insides', async () => {
    const token = await teacherOf(service.institution());
    const answer = await service.request('GET', '/notes/broken', { token });
    expect(answer).toMatchObject({ status: 500, body: { code: 'internal' } });
    expect(JSON.stringify(answer.body)).not.toContain('secret detail');
  });

  it('that the database cannot serve may come again soon', async () => {
    const token = await teacherOf(service.institution());
    const answer = await service.request('GET', '/notes/full', { token });
    expect(answer).toMatchObject({ status: 503, body: { code: 'temporarily-unavailable' } });
    expect(answer.headers.get('retry-after')).toBe('2');
    expect(JSON.stringify(answer.body)).not.toContain('No space');
  });
});

describe('bad input', () => {
  let token: string;
  beforeAll(async () => {
    token = await teacherOf(service.institution());
  });
  const json = { 'content-type': 'application/json' };

  it.each([
    ['malformed JSON', '{"text": ', 400, 'malformed-json'],
    ['an empty body', '', 400, 'malformed-json'],
    ['an array', '[]', 400, 'invalid-input'],
    ['a wrong type', '{"text": 7}', 400, 'invalid-input'],
    ['a missing field', '{}', 400, 'invalid-input'],
    ['an unknown field', '{"text": "a", "role": "admin"}', 400, 'invalid-input'],
    ['a prototype', '{"text": "a", "__proto__": {"admin": true}}', 400, 'malformed-json'],
    ['too long a text', JSON.stringify({ text: 'x'.repeat(21) }), 400, 'invalid-input'],
    ['5 MB', JSON.stringify({ text: 'x'.repeat(5_000_000) }), 413, 'body-too-large'],
  ])('%s is refused', async (_, raw, status, code) => {
    const answer = await service.request('POST', '/notes', { token, raw, headers: json });
    expect(answer).toMatchObject({ status, body: { code } });
  });

  it('names the field', async () => {
    const answer = await service.request('POST', '/notes', { token, body: { text: 7 } });
    expect(answer.body.errors[0].pointer).toBe('/text');
  });

  it('of another content type is 415', async () => {
    const answer = await service.request('POST', '/notes', {
      token,
      raw: '<a/>',
      headers: { 'content-type': 'application/xml' },
    });
    expect(answer).toMatchObject({ status: 415, body: { code: 'unsupported-media-type' } });
  });
});

describe('row-level security', () => {
  it('hides other institutions even from a query without a filter', async () => {
    const [one, other] = [service.institution(), service.institution()];
    await service.request('POST', '/notes', { token: await teacherOf(one), body: { text: 'one' } });
    const list = await service.request('GET', '/notes', { token: await teacherOf(other) });
    expect(list.body).toEqual([]);
  });

  it('refuses a row of another institution', async () => {
    const [one, other] = [service.institution(), service.institution()];
    const write = service.database.inInstitution(one, (tx) =>
      tx.query('INSERT INTO note VALUES ($1, $2, $3)', [other, newId(), 'x']),
    );
    await expect(write).rejects.toThrow(/row-level security/);
  });

  it('shows nothing when no institution is set', async () => {
    const rows = await service.database.outsideInstitutions((tx) => tx.query('SELECT * FROM note'));
    expect(rows).toEqual([]);
  });

  it('holds over interleaved transactions on a small pool, with aborts', async () => {
    const institutions = Array.from({ length: 20 }, () => service.institution());
    const work = Array.from({ length: 400 }, async (_, index) => {
      const mine = institutions[index % institutions.length] as string;
      const read = service.database.inInstitution(mine, async (tx) => {
        await tx.query('INSERT INTO note VALUES ($1, $2, $3)', [mine, newId(), `n${index}`]);
        const rows = await tx.query<{ institution_id: string }>('SELECT institution_id FROM note');
        if (index % 7 === 0) throw new Error('abort');
        return rows.filter((row) => row.institution_id !== mine).length;
      });
      return read.catch((error: Error) => (error.message === 'abort' ? 0 : 1));
    });
    expect((await Promise.all(work)).reduce((sum, foreign) => sum + foreign, 0)).toBe(0);
  });
});

describe('an Idempotency-Key', () => {
  const post = async (token: string, text: string, key: string) =>
    service.request('POST', '/notes', {
      token,
      body: { text },
      headers: { 'idempotency-key': key },
    });

  it('gives the first answer again, also to parallel retries', async () => {
    const token = await teacherOf(service.institution());
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => post(token, 'once', 'key-00001')),
    );
    expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1);
    const list = await service.request('GET', '/notes', { token });
    expect(list.body).toHaveLength(1);
  });

  it('with another body is refused', async () => {
    const token = await teacherOf(service.institution());
    await post(token, 'first', 'key-00002');
    const answer = await post(token, 'second', 'key-00002');
    expect(answer).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
  });

  it('of an odd form is refused', async () => {
    const answer = await post(await teacherOf(service.institution()), 'x', 'short');
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-idempotency-key' } });
  });
});
