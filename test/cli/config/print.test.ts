import { describe, expect, it } from 'vitest';
import { NO_CONFIG } from '../../../src/cli/config/file-config.ts';
import { readConfig } from '../../../src/cli/config/load.ts';
import { configText } from '../../../src/cli/config/print.ts';
import { CONFIGURABLE } from '../../../src/cli/options.ts';
import { DEFAULT_ALARMS } from '../../../src/engine/options.ts';
import { KEYS } from '../../../src/ui/model/keys.ts';
import { problemsOf } from './problems-of.ts';

const read = async (text: string) => {
  const { config, problems } = await readConfig({ file: '/c.toml', text });
  expect(problems.lines()).toEqual([]);
  return config!;
};

describe('config print', () => {
  it('sets nothing where nothing is set, and names every key', async () => {
    const text = configText({}, NO_CONFIG, ['head']);
    expect(await read(text)).toEqual({ ...NO_CONFIG, file: '/c.toml' });
    for (const { name } of CONFIGURABLE) expect(text).toMatch(new RegExp(`^# ${name} = `, 'm'));
    for (const { id } of KEYS) expect(text).toMatch(new RegExp(`^# ${id} = `, 'm'));
    expect(
      Math.max(
        ...text
          .split('\n')
          .filter((l) => l.startsWith('## '))
          .map((l) => l.length),
      ),
    ).toBeLessThanOrEqual(110);
  });

  it('is a file with the defaults when the # are taken away', async () => {
    const text = configText({}, NO_CONFIG, []).replace(/^# /gm, '');
    // the examples of answer and of a rule exclude each other
    expect(await problemsOf(text.replace(/^answer = .*/m, ''))).toEqual([]);
    const config = await read(text.replace(/^answer = .*/m, ''));
    expect(config.alarms).toEqual(DEFAULT_ALARMS);
    expect(config.keys).toEqual(Object.fromEntries(KEYS.map(({ id, keys }) => [id, [...keys]])));
  });

  it('says what is set, and reads back as the same', async () => {
    const text = `seed = 7
theme = "mono"
read-only = true
journal = "/var/log/a \\"b\\"\\u007f.ndjson"
[alarms]
oldest = "90s"
rate = 0.25
refault = "off"
bell = true
[keys]
success = ["S", "\\""]
redraw = []
[filters."a b"]
list = "journal"
when = "cause == 'key' || action == \\"x\\""
[filters.c]
when = "write"
[[rules]]
name = "n"
when = "write"
then = "invalid"
after = "1.5s"
enabled = false
[[rules]]
then = "map"
`;
    const config = await read(text);
    expect(await read(configText(config.given, config, []))).toEqual(config);
  });

  it('puts the command line over the file', async () => {
    const config = await read('seed = 7\n[[rules]]\nthen = "map"');
    const printed = await read(configText({ ...config.given, seed: 8, answer: 'hold' }, config, []));
    expect([printed.given, printed.rules]).toEqual([{ seed: 8, answer: 'hold' }, null]);
  });
});
