import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Api } from '../src/api.js';
import {
  dataFolder,
  type OwnPlatform,
  removeFolder,
  startOwnPlatform,
} from '../src/bench/own-platform.js';
import { conclude } from '../src/demo/conclude.js';
import { ownExam } from '../src/demo/exam.js';
import { runScenario } from '../src/demo/scenario.js';
import { DEMO, signIn } from '../src/start/seed.js';
import { ROOT } from '../src/start/layout.js';
import { readRunFile } from '../src/start/run-file.js';
import { committedDocument, currentDocument } from '../src/openapi/document.js';
import { arrivedTrace, SUBMISSION_WAY } from '../src/trace/arrived-trace.js';
import { tryAnItem } from './tried-item.js';

const PORT = 4800;
const quiet = () => undefined;

/** `npm start` as a person calls it, until it ends. */
function startAndEnd(args: string[], env: Record<string, string> = {}) {
  const main = join(ROOT, 'tools', 'dist', 'src', 'start', 'main.js');
  const child = spawn(process.execPath, [main, ...args], {
    env: { ...process.env, NODE_OPTIONS: '', ...env },
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  return new Promise<{ code: number | null; output: string }>((resolve) => {
    child.once('exit', (code) => resolve({ code, output }));
  });
}

describe('the whole platform', () => {
  const folder = dataFolder();
  let platform: OwnPlatform;

  beforeAll(async () => {
    platform = await startOwnPlatform(folder, PORT, { NODE_OPTIONS: '' });
  }, 120_000);

  afterAll(async () => {
    await platform?.stop();
    removeFolder(folder);
  }, 60_000);

  it('takes a test from import to gradebook and LMS, in one trace', async () => {
    const api = new Api(platform.run.gateway);
    const exam = ownExam(8);
    const running = { ...platform, release: () => Promise.resolve() };
    const outcome = await runScenario(api, running, exam, 4, quiet);
    const { figures, faults } = conclude(exam, outcome);
    expect(faults).toEqual([]);
    expect(figures).toMatchObject({
      submissions: 8,
      scored: 8,
      cells: 8,
      deadLetters: 0,
      items: { imported: 12, refused: 0 },
    });
    // The one who answers nothing left no essay to read.
    expect(outcome.reviewed).toBe(7);
    const trace = await arrivedTrace(
      platform.run.oncall,
      platform.secrets.operatorSecret,
      figures.requestId,
      SUBMISSION_WAY,
    );
    const services = trace.spans.map((span) => span.service);
    for (const service of SUBMISSION_WAY) {
      expect(services).toContain(service);
    }
  }, 180_000);

  it('tells a learner at work what the author says to a try, and scores all tries', async () => {
    const api = new Api(platform.run.gateway);
    const answers = ['tea', 'She likes tea.'];
    const { heard, score } = await tryAnItem(api, platform.secrets.demoPassword, answers);
    const content = [{ kind: 'text', text: 'Write it as a full sentence.' }];
    const counted = { counted: true, pointsPossible: 1 };
    expect(heard).toEqual([
      {
        triesLeft: 2,
        result: {
          ...{ ...counted, completed: false, points: 0 },
          feedback: [{ responseId: 'R1', content }],
        },
      },
      { triesLeft: 0, result: { ...counted, completed: true, points: 1, feedback: [] } },
    ]);
    expect(score).toMatchObject({ points: 1, parts: [{ given: 'She likes tea.' }] });
  }, 120_000);

  it('survives SIGKILL of grading and of the emulator in the middle of a test', async () => {
    const api = new Api(platform.run.gateway);
    const exam = ownExam(40);
    const killed: string[] = [];
    const kill = (name: string) => {
      const pid = readRunFile(folder)?.pids[name];
      if (pid !== undefined) process.kill(pid, 'SIGKILL');
      killed.push(name);
    };
    const say = (text: string) => {
      if (text.includes('the learners begin')) kill('grading');
      if (text.includes('came from the LMS')) kill('emulator');
    };
    const running = { ...platform, release: () => Promise.resolve() };
    const outcome = await runScenario(api, running, exam, 4, say);
    expect(killed).toEqual(['grading', 'emulator']);
    const { figures, faults } = conclude(exam, outcome);
    expect(faults).toEqual([]);
    expect(figures).toMatchObject({ submissions: 40, scored: 40, cells: 40, deadLetters: 0 });
  }, 240_000);

  it('is described by the committed OpenAPI document (npm run openapi writes it)', async () => {
    expect(await currentDocument(platform.run.gateway)).toBe(committedDocument());
  });

  it('says that it already runs', async () => {
    const { code, output } = await startAndEnd(['--data', folder, '--port', String(PORT)]);
    expect(code).toBe(1);
    expect(output).toContain('already runs');
  });

  it('ends on SIGTERM within 25 s and finds its data at the next start', async () => {
    const began = Date.now();
    await platform.stop();
    expect(Date.now() - began).toBeLessThan(25_000);
    platform = await startOwnPlatform(folder, PORT, { NODE_OPTIONS: '' });
    const api = new Api(platform.run.gateway);
    const session = await signIn(api, DEMO.teacher, platform.secrets.demoPassword);
    const classes = await api.get<{ items: unknown[] }>('GET', '/classes', {
      token: session.accessToken,
    });
    expect(classes.items.length).toBeGreaterThan(1);
  }, 120_000);
});

describe('npm start', () => {
  it('names the port that is taken and what to do', async () => {
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(4853, '127.0.0.1', resolve));
    const folder = dataFolder();
    const { code, output } = await startAndEnd(['--data', folder, '--port', '4850']);
    blocker.close();
    removeFolder(folder);
    expect(code).toBe(1);
    expect(output).toContain('4853 for assignments (EADDRINUSE)');
    expect(output).toContain('--port');
  });

  it('names the folder it may not write to', async () => {
    const folder = dataFolder();
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    const { code, output } = await startAndEnd(['--data', join(file, 'data'), '--port', '4850']);
    removeFolder(folder);
    expect(code).toBe(1);
    expect(output).toContain(`ENOTDIR at ${file}`);
    expect(output).toContain('--data');
  });

  it('names the service that does not start, with its last lines', async () => {
    const folder = dataFolder();
    const args = ['--data', folder, '--port', '4860'];
    const { code, output } = await startAndEnd(args, { LOG_LEVEL: 'loud' });
    removeFolder(folder);
    expect(code).toBe(1);
    expect(output).toMatch(/LOG_LEVEL must be one of debug, info, warn, error/);
    expect(output).toMatch(/logs\/\w+\.log/);
  }, 60_000);

  it('explains its options and refuses others', async () => {
    expect((await startAndEnd(['--help'])).code).toBe(0);
    const wrong = await startAndEnd(['--prot', '1']);
    expect(wrong.code).toBe(2);
    expect(wrong.output).toContain('--port');
  });
});
