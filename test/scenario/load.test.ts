import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { DEFAULT_SCENARIO } from '../../src/scenario/default.ts';
import { listScenarios, loadScenario } from '../../src/scenario/load.ts';

const directory = mkdtempSync(join(tmpdir(), 'iopftop-scenario-'));
afterAll(() => rmSync(directory, { recursive: true }));

describe('built-in scenarios', () => {
  it('are all valid and say what they are', () => {
    const names = listScenarios().map((s) => s.name);
    expect(names).toEqual([
      'burst',
      'demand-paging',
      'detach-midflight',
      'multi-page',
      'pasid-storm',
      'refault-loop',
      'stuck',
      'sva',
      'tour',
    ]);
    for (const { name, description } of listScenarios()) {
      expect(loadScenario(name).name).toBe(name);
      expect(description.length).toBeGreaterThan(20);
    }
  });

  it('have a default with something of every sort', () => {
    const tour = loadScenario(DEFAULT_SCENARIO);
    const kinds = new Set(tour.devices.flatMap((d) => d.workloads.map((w) => w.kind)));
    expect(tour.devices.length).toBeGreaterThanOrEqual(4);
    expect(kinds.size).toBe(6);
    expect(new Set(tour.devices.map((d) => d.hwpt))).toEqual(new Set(['paging', 'nested']));
  });

  it('ask for pages that a mock device can reach', () => {
    for (const { name } of listScenarios()) {
      for (const { base, pages } of loadScenario(name).devices.flatMap((d) => d.workloads)) {
        expect(base).toBeGreaterThanOrEqual(1n << 24n);
        expect(base + BigInt(pages) * 4096n).toBeLessThanOrEqual(1n << 31n);
      }
    }
  });
});

describe('loadScenario', () => {
  it('takes a path', () => {
    const file = join(directory, 'mine.toml');
    writeFileSync(
      file,
      'name = "mine"\ndescription = "x"\n[[device]]\nname = "d"\n[[device.workload]]\nkind = "stuck"\n',
    );
    expect(loadScenario(file).devices[0]?.name).toBe('d');
  });

  it.each([
    [
      'one byte of another encoding',
      Buffer.from('name = "x"\ndescription = "caf\xe9"\n', 'latin1'),
      'line 2, column 19',
    ],
    ['half a character', Buffer.concat([Buffer.from('name = "'), Buffer.of(0xe6, 0x97)]), 'line 1, column 9'],
    ['UTF-16', Buffer.from('\ufeffname = "x"\n', 'utf16le'), 'line 1, column 1'],
  ])('refuses %s, by place', (_, bytes, place) => {
    const file = join(directory, 'latin.toml');
    writeFileSync(file, bytes);
    expect(() => loadScenario(file)).toThrow(`${file}: ${place}: this is not UTF-8, as TOML must be`);
  });

  it('names the scenarios that there are when the name is wrong', () => {
    expect(() => loadScenario('tuor')).toThrow(/^tuor: no such scenario; use one of burst, .*tour/);
  });

  it('says which file is not there', () => {
    expect(() => loadScenario('/nowhere/x.toml')).toThrow('/nowhere/x.toml: no such file');
    expect(() => loadScenario(`${directory}/`)).toThrow('is not a regular file');
    // It would never end.
    expect(() => loadScenario('/dev/zero')).toThrow('/dev/zero: is not a regular file');
  });

  it('does not take in a file that no scenario can be', () => {
    const file = join(directory, 'huge.toml');
    writeFileSync(file, '');
    truncateSync(file, 100e6);
    expect(() => loadScenario(file)).toThrow(/huge\.toml: is larger than 1048576 bytes$/);
  });
});
