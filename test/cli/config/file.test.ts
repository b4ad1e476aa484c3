import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { defaultConfigFile, findConfig, readConfigText } from '../../../src/cli/config/file.ts';
import { UsageError } from '../../../src/cli/usage-error.ts';

const directory = mkdtempSync(join(tmpdir(), 'iopftop-config-'));
afterAll(() => rmSync(directory, { recursive: true }));

const file = (name: string, content: string | Buffer): string => {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
};

function refused(path: string): string {
  try {
    readConfigText(path);
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    const { message, hint } = error as UsageError;
    return `${message}: ${hint}`.replace(`${path}`, 'FILE');
  }
  throw new Error('it was read');
}

const NOTHING = { text: null, notice: null };

describe('the default file', () => {
  it('is in $XDG_CONFIG_HOME, else in ~/.config', () => {
    expect(defaultConfigFile({ XDG_CONFIG_HOME: '/x', HOME: '/h' })).toBe('/x/iopftop/config.toml');
    expect(defaultConfigFile({ HOME: '/h' })).toBe('/h/.config/iopftop/config.toml');
    expect(defaultConfigFile({ XDG_CONFIG_HOME: '', HOME: '/h' })).toBe('/h/.config/iopftop/config.toml');
    expect(defaultConfigFile({ XDG_CONFIG_HOME: 'relative', HOME: '/h' })).toBe('/h/.config/iopftop/config.toml');
    expect(defaultConfigFile({ HOME: 'relative' }, '/database')).toBe('/database/.config/iopftop/config.toml');
    expect(defaultConfigFile({}, null)).toBeNull();
    expect(defaultConfigFile({ XDG_CONFIG_HOME: '/x' }, null)).toBe('/x/iopftop/config.toml');
    expect(defaultConfigFile({})).toMatch(/^\/.*\.config\/iopftop\/config\.toml$/);
  });

  it('need not be there', () => {
    expect(findConfig(undefined, { XDG_CONFIG_HOME: join(directory, 'absent') })).toEqual(NOTHING);
    expect(findConfig(undefined, { XDG_CONFIG_HOME: file('plain', '') })).toEqual(NOTHING);
  });

  it('is read where it is, and not with --config none', () => {
    mkdirSync(join(directory, 'iopftop'));
    const path = file('iopftop/config.toml', '\ufeffseed = 5\n');
    const env = { XDG_CONFIG_HOME: directory };
    expect(findConfig(undefined, env)).toEqual({ text: { file: path, text: 'seed = 5\n' }, notice: null });
    expect(findConfig('none', env)).toEqual(NOTHING);
  });
});

describe('a default file that cannot be known is left alone, with a notice', () => {
  const left = (env: NodeJS.ProcessEnv) => {
    const { text, notice } = findConfig(undefined, env);
    expect(text).toBeNull();
    return notice;
  };
  it('ELOOP: a link to itself', () => {
    symlinkSync('loop', join(directory, 'loop'));
    expect(left({ XDG_CONFIG_HOME: join(directory, 'loop') })).toBe(
      `${directory}/loop/iopftop/config.toml: cannot be read (ELOOP); the defaults are used (--config none reads no file)`,
    );
  });
  it('ENAMETOOLONG', () => {
    expect(left({ HOME: `/${'x'.repeat(300)}` })).toContain('cannot be read (ENAMETOOLONG); the defaults are used');
  });
  it('named by --config it is a mistake', () => {
    expect(refused(join(directory, 'loop', 'x'))).toBe(`FILE: cannot be read (ELOOP): ${OTHERWISE}`);
  });
  it('what can be read and is no configuration is a mistake in either case', () => {
    mkdirSync(join(directory, 'odd', 'iopftop', 'config.toml'), { recursive: true });
    expect(() => findConfig(undefined, { XDG_CONFIG_HOME: join(directory, 'odd') })).toThrow('is a directory');
  });
  it('somebody else’s, where root would go by it', (ctx) => {
    if (process.geteuid?.() !== 0) return ctx.skip('needs root: chown');
    const path = join(directory, 'foreign', 'iopftop', 'config.toml');
    mkdirSync(join(directory, 'foreign', 'iopftop'), { recursive: true });
    writeFileSync(path, 'on-exit = "success"');
    chownSync(path, 12_345, 12_345);
    expect(left({ XDG_CONFIG_HOME: join(directory, 'foreign') })).toBe(
      `${path} belongs to user 12345: whoever can write it decides what is done as root; the defaults are used (--config none reads no file)`,
    );
    expect(() => readConfigText(path)).toThrow('belongs to user 12345');
  });
  it('one of ours that others can write is a mistake: it may have said read-only', (ctx) => {
    if (process.geteuid?.() !== 0) return ctx.skip('only root minds who can write a file');
    mkdirSync(join(directory, 'open', 'iopftop'), { recursive: true });
    const path = join(directory, 'open', 'iopftop', 'config.toml');
    writeFileSync(path, 'read-only = true');
    chmodSync(path, 0o666);
    expect(() => findConfig(undefined, { XDG_CONFIG_HOME: join(directory, 'open') })).toThrow(
      'is writable by everyone',
    );
  });
});

const OTHERWISE = 'give a TOML file, or --config none';

describe('a file that cannot be used', () => {
  it('is not there', () => {
    expect(refused(join(directory, 'no'))).toBe(`FILE: there is no such file: ${OTHERWISE}`);
    expect(refused(join(file('a-file', ''), 'x'))).toBe(`FILE: there is no such file: ${OTHERWISE}`);
  });
  it('is a directory, or a device', () => {
    expect(refused(directory)).toBe(`FILE: is a directory: ${OTHERWISE}`);
    expect(refused('/dev/zero')).toBe(`FILE: is not a regular file: ${OTHERWISE}`);
  });
  it('is too large, and is not read', () => {
    const path = file('large', '');
    truncateSync(path, 100_000_000);
    expect(refused(path)).toBe(`FILE: is larger than 1048576 bytes, so it is not a configuration file: ${OTHERWISE}`);
  });
  it('is not UTF-8', () => {
    const path = file('latin1', Buffer.from('seed = 1\n\n# gr\xfc\xdfe\n', 'latin1'));
    expect(refused(path)).toBe('FILE:3:5: is not UTF-8: save it as UTF-8');
  });
  it('cannot be opened', () => {
    const path = join(directory, 'loop-itself');
    symlinkSync(path, path);
    expect(refused(path)).toBe(`FILE: cannot be read (ELOOP): ${OTHERWISE}`);
  });
});
