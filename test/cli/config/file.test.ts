import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { defaultConfigFile, readConfigText } from '../../../src/cli/config/file.ts';
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
    readConfigText(path, {});
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    const { message, hint } = error as UsageError;
    return `${message}: ${hint}`.replace(`${path}`, 'FILE');
  }
  throw new Error('it was read');
}

describe('the default file', () => {
  it('is in $XDG_CONFIG_HOME, else in ~/.config', () => {
    expect(defaultConfigFile({ XDG_CONFIG_HOME: '/x', HOME: '/h' })).toBe('/x/iopftop/config.toml');
    expect(defaultConfigFile({ HOME: '/h' })).toBe('/h/.config/iopftop/config.toml');
    expect(defaultConfigFile({ XDG_CONFIG_HOME: '', HOME: '/h' })).toBe('/h/.config/iopftop/config.toml');
    expect(defaultConfigFile({ XDG_CONFIG_HOME: 'relative', HOME: '/h' })).toBe('/h/.config/iopftop/config.toml');
    expect(defaultConfigFile({})).toMatch(/^\/.*\.config\/iopftop\/config\.toml$/);
  });

  it('need not be there', () => {
    expect(readConfigText(undefined, { XDG_CONFIG_HOME: join(directory, 'absent') })).toBeNull();
    expect(readConfigText(undefined, { XDG_CONFIG_HOME: file('plain', '') })).toBeNull();
  });

  it('is read where it is, and not with --config none', () => {
    mkdirSync(join(directory, 'iopftop'));
    const path = file('iopftop/config.toml', '\ufeffseed = 5\n');
    const env = { XDG_CONFIG_HOME: directory };
    expect(readConfigText(undefined, env)).toEqual({ file: path, text: 'seed = 5\n' });
    expect(readConfigText('none', env)).toBeNull();
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
    expect(refused('/dev/zero')).toBe(`FILE: is no regular file: ${OTHERWISE}`);
  });
  it('is too large, and is not read', () => {
    const path = file('large', '');
    truncateSync(path, 100_000_000);
    expect(refused(path)).toBe(`FILE: is larger than 1048576 bytes, it cannot be a configuration: ${OTHERWISE}`);
  });
  it('is not UTF-8', () => {
    const path = file('latin1', Buffer.from('seed = 1\n\n# gr\xfc\xdfe\n', 'latin1'));
    expect(refused(path)).toBe('FILE:3: is not UTF-8: TOML is; save the file so');
  });
  it('cannot be opened', () => {
    const path = join(directory, 'loop');
    symlinkSync(path, path);
    expect(refused(path)).toBe(`FILE: cannot be read (ELOOP): ${OTHERWISE}`);
  });
});
