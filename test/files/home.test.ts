import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { stateDirectory } from '../../src/crash.ts';
import { homeDirectory, ownHomeDirectory } from '../../src/files/home.ts';

const ours = mkdtempSync(join(tmpdir(), 'iopftop-home-'));
afterAll(() => rmSync(ours, { recursive: true }));
const database = () => '/database';
const none = () => null;

describe('the home directory', () => {
  it('is $HOME, where that is absolute', () => {
    expect(homeDirectory({ HOME: '/h' }, database)).toBe('/h');
    for (const HOME of ['', 'relative', './x', undefined]) {
      expect(homeDirectory({ HOME }, database)).toBe('/database');
      expect(homeDirectory({ HOME }, none)).toBeNull();
    }
  });

  it('is written to only where it is ours', (ctx) => {
    expect(ownHomeDirectory({ HOME: ours }, database)).toBe(ours);
    expect(ownHomeDirectory({ HOME: `${ours}/none` }, database)).toBe('/database');
    expect(ownHomeDirectory({}, none)).toBeNull();
    if (process.geteuid?.() !== 0) return ctx.skip('the rest needs root: chown');
    chownSync(ours, 12_345, 12_345);
    expect(ownHomeDirectory({ HOME: ours }, database)).toBe('/database');
    chownSync(ours, 0, 0);
  });

  it('has the reports of crashes below it', () => {
    expect(stateDirectory({ HOME: ours })).toBe(`${ours}/.local/state/iopftop`);
    expect(stateDirectory({ XDG_STATE_HOME: '/s', HOME: ours })).toBe('/s/iopftop');
    expect(stateDirectory({ XDG_STATE_HOME: 's', HOME: ours })).toBe(`${ours}/.local/state/iopftop`);
  });
});
