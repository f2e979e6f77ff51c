import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { registryHistory } from './history.js';

describe('the history of the registry', () => {
  let folder: string;
  const file = 'libs/events/registry/lti.x.v1/1.0.0.json';
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const git = (...args: string[]) => {
    const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.com'];
    const { status, stderr } = spawnSync('git', [...identity, ...args], { cwd: folder });
    if (status !== 0) throw new Error(String(stderr));
  };
  const commit = () => (git('add', '-A'), git('commit', '-qm', 'x'));
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'history-'));
    git('init', '-q');
    write(file, '{}');
    write('libs/events/registry/lti.x.v1/samples.json', '[]');
    write('libs/events/registry/index.json', '{}');
    commit();
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('takes new files, and changes of the index and of drafts', () => {
    write(file.replace('1.0.0', '1.1.0'), '{}');
    write('libs/events/registry/index.json', '{ }');
    rmSync(join(folder, 'libs/events/registry/lti.x.v1/samples.json'));
    commit();
    expect(registryHistory(folder)).toEqual({ faults: [], notes: [] });
  });

  it('tells a change that was committed, even when it was taken back', () => {
    write(file, '{ }');
    commit();
    write(file, '{}');
    commit();
    const { faults } = registryHistory(folder);
    expect(faults).toHaveLength(2);
    expect(faults[0]).toMatch(/1\.0\.0\.json was changed by [\da-f]{7,} after it was added\.$/);
  });

  it('tells a file that was moved away', () => {
    git('mv', file, file.replace('1.0.0', '1.1.0'));
    commit();
    expect(registryHistory(folder).faults).toHaveLength(1);
  });

  it('tells a change that is not committed yet', () => {
    write(file, '{ }');
    expect(registryHistory(folder).faults).toEqual([
      `${file} is changed and not committed: restore it.`,
    ]);
  });

  it('says so when there is none', () => {
    const bare = mkdtempSync(join(tmpdir(), 'no-history-'));
    cpSync(join(folder, 'libs'), join(bare, 'libs'), { recursive: true });
    const { faults, notes } = registryHistory(bare);
    rmSync(bare, { recursive: true });
    expect(faults).toEqual([]);
    expect(notes[0]).toMatch(/no git history here.*was not checked/);
  });
});
