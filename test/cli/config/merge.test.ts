import { describe, expect, it } from 'vitest';
import { NO_CONFIG } from '../../../src/cli/config/file-config.ts';
import { readConfig } from '../../../src/cli/config/load.ts';
import { merge } from '../../../src/cli/config/merge.ts';
import { TABLE } from '../../../src/cli/options.ts';
import { parseOptions } from '../../../src/cli/parse.ts';
import { DEFAULT_ALARMS } from '../../../src/engine/options.ts';
import { DEFAULT_SCREEN } from '../../../src/ui/model/config.ts';

async function settings(line: string, text: string) {
  const { config, problems } = await readConfig({ file: '/c.toml', text });
  expect(problems.lines()).toEqual([]);
  return merge(parseOptions(line.split(' ').filter(Boolean)), config!);
}

describe('merge', () => {
  it('gives the defaults without a file and options', () => {
    expect(merge({}, NO_CONFIG)).toEqual({
      given: {},
      rules: null,
      alarms: DEFAULT_ALARMS,
      screen: DEFAULT_SCREEN,
      file: null,
    });
  });

  it('has the defaults that the option table names', () => {
    for (const { name, default: fallback } of TABLE) {
      if (!(name in DEFAULT_SCREEN)) continue;
      expect([name, String(DEFAULT_SCREEN[name as keyof typeof DEFAULT_SCREEN])]).toEqual([name, fallback ?? 'false']);
    }
  });

  it('lets the command line win over the file', async () => {
    const text = 'seed = 5\nrefresh = 2\ntheme = "mono"\nmouse = true\nread-only = true\n[alarms]\nbell = true';
    const file = await settings('', text);
    expect(file.given).toEqual({ seed: 5, refresh: 2, theme: 'mono', mouse: true, 'read-only': true, bell: true });
    expect(file.screen).toMatchObject({ refresh: 2, theme: 'mono', mouse: true, bell: true });
    const line = '--seed 6 --refresh 4 --theme light --mouse=false --read-only=false --bell=false';
    const both = await settings(line, text);
    expect(both.given).toMatchObject({ seed: 6, 'read-only': false });
    expect(both.screen).toMatchObject({ refresh: 4, theme: 'light', mouse: false, bell: false });
  });

  it('leaves aside what the file says for another backend or front end', async () => {
    const text = 'devices = 4\nhwpt = "nested"\nstream = "groups"\n';
    expect((await settings('', text)).given).toEqual({ stream: 'groups' });
    expect((await settings('-b selftest', text)).given).toMatchObject({ devices: 4, hwpt: 'nested' });
    expect((await settings('-b selftest', `backend = "mock"\n${text}`)).given).toMatchObject({ devices: 4 });
    expect((await settings('--once', text)).given).toEqual({ once: true });
    expect((await settings('--devices 2', `backend = "selftest"\n${text}`)).given).toMatchObject({ devices: 2 });
  });

  it('refuses what does not go together on the command line, or with the file', async () => {
    await expect(settings('--devices 2', '')).rejects.toThrow('--devices is for --backend selftest');
    await expect(settings('--virtual-time', 'backend = "selftest"')).rejects.toThrow(
      '--virtual-time is for --backend mock',
    );
    await expect(settings('--mouse=false', '')).resolves.toMatchObject({ given: { mouse: false } });
  });

  it('takes the rules of the file unless the command line says how to answer', async () => {
    const text = '[[rules]]\nthen = "map"\n';
    expect((await settings('', text)).rules).toEqual([{ then: 'map' }]);
    expect((await settings('--answer hold', text)).rules).toBeNull();
    expect((await settings('--rules other', text)).rules).toBeNull();
    const answers = await settings('--rules other', 'answer = "success"');
    expect(answers.given).toEqual({ rules: 'other' });
  });

  it('takes alarms one by one', async () => {
    const { alarms } = await settings('', '[alarms]\npending = 7\nrefault = "off"');
    expect(alarms).toEqual({ ...DEFAULT_ALARMS, pending: 7, refault: null });
  });
});
