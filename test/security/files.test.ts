// Files that others could have put there, or could change.
import {
  chmodSync,
  chownSync,
  constants,
  existsSync,
  lchownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { closeOutput, openOutput } from '../../src/cli/exec/output.ts';
import { checkTrusted } from '../../src/cli/trusted-file.ts';
import { Journal } from '../../src/engine/journal/journal.ts';
import { trustedByRoot } from '../../src/files/trusted.ts';
import { iopftop } from '../helpers/bin.ts';

const SOMEBODY = 65_534;
const isRoot = process.geteuid?.() === 0;
const NEEDS_ROOT = 'only root can make files of somebody else';

const directory = mkdtempSync(join(tmpdir(), 'iopftop-files-'));
const shared = join(directory, 'shared');
mkdirSync(shared);
chmodSync(shared, 0o1777);
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const file = (name: string, text = ''): string => {
  const path = join(shared, name);
  writeFileSync(path, text);
  return path;
};

const writeJournal = (path: string): void => {
  const journal = new Journal(path);
  journal.write({ t: 1, action: 'policy' });
  journal.close();
};
const writeOutput = (path: string): void => {
  const output = openOutput(path, 'headless', 'echo');
  writeSync(output.fd, 'told\n');
  closeOutput(output);
};
const WRITERS: [string, (path: string) => void][] = [
  ['a journal', writeJournal],
  ['--output of exec', writeOutput],
];

describe.each(WRITERS)('%s in a directory where everybody can make files', (what, write) => {
  const named = (name: string): string => `${what.replace(/\W/g, '')}-${name}`;

  it('is made, and used again', () => {
    const path = join(shared, named('own'));
    for (let run = 0; run < 2; run++) write(path);
    expect(readFileSync(path, 'utf8').trim().split('\n')).toHaveLength(what === 'a journal' ? 2 : 1);
  });

  it('is refused where somebody else has made it', ({ skip }) => {
    if (!isRoot) return skip(NEEDS_ROOT);
    const path = file(named('foreign'), 'as it was\n');
    chownSync(path, SOMEBODY, SOMEBODY);
    expect(() => write(path)).toThrow(/another user's file|EACCES/);
    expect(readFileSync(path, 'utf8')).toBe('as it was\n');
  });

  it('is refused where it is a link, and its target is neither emptied nor made', () => {
    const victim = join(directory, named('victim'));
    for (const there of [true, false]) {
      if (there) writeFileSync(victim, 'as it was\n');
      const path = join(shared, named(`link-${there}`));
      symlinkSync(victim, path);
      if (isRoot) lchownSync(path, SOMEBODY, SOMEBODY);
      expect(() => write(path)).toThrow(/a link, in a directory where other users can create one|EACCES/);
      if (there) expect(readFileSync(victim, 'utf8')).toBe('as it was\n');
      else expect(existsSync(victim)).toBe(false);
      rmSync(victim, { force: true });
    }
  });

  it('is refused where it is another name of a file', () => {
    const path = file(named('one'), 'as it was\n');
    linkSync(path, join(shared, named('other')));
    expect(() => write(path)).toThrow('a file with more than one hard link');
    expect(readFileSync(path, 'utf8')).toBe('as it was\n');
  });

  it('goes through a link in a directory of our own', () => {
    const target = join(directory, named('target'));
    symlinkSync(target, join(directory, named('own-link')));
    write(join(directory, named('own-link')));
    expect(readFileSync(target, 'utf8')).not.toBe('');
  });

  it('goes, as root, through no link in a directory of somebody else', ({ skip }) => {
    if (!isRoot) return skip(NEEDS_ROOT);
    const theirs = join(directory, named('theirs'));
    const victim = join(directory, named('victim'));
    mkdirSync(theirs);
    symlinkSync(victim, join(theirs, 'link'));
    chownSync(theirs, SOMEBODY, SOMEBODY);
    expect(() => write(join(theirs, 'link'))).toThrow('a link, in a directory where other users can create one');
    expect(existsSync(victim)).toBe(false);
  });
});

describe('a file that decides what root does', () => {
  const trust = (uid: number, gid: number, mode: number, env: NodeJS.ProcessEnv = {}): void => {
    const stat = Object.assign(lstatSync(file('rules.toml')), { uid, gid, mode: constants.S_IFREG | mode });
    checkTrusted('rules.toml', join(shared, 'rules.toml'), stat, trustedByRoot(env));
  };

  it('is one of root, or of whoever called sudo', ({ skip }) => {
    if (!isRoot) return skip(NEEDS_ROOT);
    expect(() => trust(0, 0, 0o644)).not.toThrow();
    expect(() => trust(0, 0, 0o664)).not.toThrow();
    expect(() => trust(1000, 1000, 0o664, { SUDO_UID: '1000', SUDO_GID: '1000' })).not.toThrow();
  });

  it('is not one that others own or can write', () => {
    expect(() => trust(1000, 0, 0o644)).toThrow('rules.toml belongs to user 1000: whoever can write it decides');
    expect(() => trust(1000, 0, 0o644, { SUDO_UID: 'x' })).toThrow('belongs to user 1000');
    expect(() => trust(0, 0, 0o666)).toThrow('rules.toml is writable by everyone');
    expect(() => trust(0, 100, 0o664)).toThrow('rules.toml is writable by group 100');
  });

  /** In a directory of its own, whose mode and owner are changed. */
  const placed = (name: string): { folder: string; path: string } => {
    const folder = join(directory, name);
    mkdirSync(folder);
    writeFileSync(join(folder, 'file.toml'), '');
    return { folder, path: join(folder, 'file.toml') };
  };
  const read = async (option: string, path: string): Promise<string> =>
    (await iopftop([option, path, '--headless', '--count', '1', '--virtual-time'])).stderr;

  it.each(['--rules', '--config'])('is looked at by %s, with the directories that it is in', async (option) => {
    const { folder, path } = placed(`place${option}`);
    const said: string[] = [];
    chmodSync(path, 0o666);
    said.push(await read(option, path));
    chmodSync(path, 0o644);
    chmodSync(folder, 0o777);
    said.push(await read(option, path));
    if (!isRoot) {
      for (const text of said) expect(text).not.toContain('decides what is done as root');
      return;
    }
    chmodSync(folder, 0o1777);
    const sticky = await read(option, path);
    chownSync(folder, SOMEBODY, SOMEBODY);
    said.push(await read(option, path));
    chownSync(folder, 0, 0);
    symlinkSync(path, join(shared, `link${option}`));
    lchownSync(join(shared, `link${option}`), SOMEBODY, SOMEBODY);
    said.push(await read(option, join(shared, `link${option}`)));
    expect(said).toEqual([
      expect.stringContaining(`${path}`),
      expect.stringContaining(`${folder} is writable by everyone`),
      expect.stringContaining(`${folder} belongs to user ${SOMEBODY}`),
      expect.stringMatching(/is a link owned by user 65534|EACCES/),
    ]);
    for (const text of said) expect(text).toMatch(/decides what is done as root|EACCES/);
    expect(sticky).not.toContain('decides what is done as root');
  });
});
