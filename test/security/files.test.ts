// Files that others could have put there, or could change.
import {
  chmodSync,
  chownSync,
  lchownSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkTrusted, trustedUids } from '../../src/cli/trusted-file.ts';
import { Journal } from '../../src/engine/journal.ts';
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

describe('a journal in a directory where everybody can make files', () => {
  it('is made with mode 0600, and continued', () => {
    const path = join(shared, 'own');
    for (let run = 0; run < 2; run++) {
      const journal = new Journal(path);
      journal.write({ t: run, action: 'policy' });
      journal.close();
    }
    expect(readFileSync(path, 'utf8').trim().split('\n')).toHaveLength(2);
  });

  it('is refused where somebody else has made it', ({ skip }) => {
    if (!isRoot) return skip(NEEDS_ROOT);
    const path = file('foreign');
    chownSync(path, SOMEBODY, SOMEBODY);
    expect(() => new Journal(path)).toThrow(/cannot be opened \((a file of somebody else|EACCES)\)/);
  });

  it('is refused where it is a link of somebody else', ({ skip }) => {
    if (!isRoot) return skip(NEEDS_ROOT);
    const victim = join(directory, 'victim');
    writeFileSync(victim, 'as it was\n');
    const path = join(shared, 'link');
    symlinkSync(victim, path);
    lchownSync(path, SOMEBODY, SOMEBODY);
    expect(() => new Journal(path)).toThrow(/cannot be opened \((a link of somebody else|EACCES)\)/);
    expect(readFileSync(victim, 'utf8')).toBe('as it was\n');
  });

  it('is refused where it is another name of a file', () => {
    const path = file('one');
    linkSync(path, join(shared, 'other'));
    expect(() => new Journal(path)).toThrow('a file that has other names');
  });
});

describe('a file that decides what root does', () => {
  const trust = (uid: number, mode: number, euid = 0, sudo?: string): void =>
    checkTrusted('rules.toml', { uid, mode, isFile: true }, euid, trustedUids(sudo ? { SUDO_UID: sudo } : {}));

  it('is one of root, or of whoever called sudo', () => {
    expect(() => trust(0, 0o644)).not.toThrow();
    expect(() => trust(1000, 0o644, 0, '1000')).not.toThrow();
    expect(() => trust(1000, 0o644)).toThrow('rules.toml: belongs to user 1000, who could change what is done as root');
    expect(() => trust(1000, 0o644, 0, 'x')).toThrow('belongs to user 1000');
  });

  it('is not one that everybody can write', () => {
    expect(() => trust(0, 0o666)).toThrow('rules.toml: everybody can write it');
  });

  it('is anybody’s where we are not root', () => {
    expect(() => trust(7, 0o666, 1000)).not.toThrow();
  });

  it.each(['--rules', '--config'])('is looked at by %s', async (option) => {
    const path = file(`everybodys${option}.toml`);
    chmodSync(path, 0o666);
    const { code, stderr } = await iopftop([option, path, '--headless', '--count', '1', '--virtual-time']);
    if (isRoot) expect([code, stderr]).toEqual([2, expect.stringContaining('everybody can write it')]);
    else expect(stderr).not.toContain('everybody can write it');
  });
});
