// The real program with --device on the simulated host.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { iopftop, type Line } from '../helpers/bin.ts';
import { messageProblem } from '../helpers/schema.ts';

const directory = mkdtempSync(join(tmpdir(), 'iopftop-host-'));
afterAll(() => rmSync(directory, { recursive: true }));
// A stale clone builds at the first start, which says so on stderr.
beforeAll(() => iopftop(['--version']), 60_000);

const HOST = ['--backend', 'mock', '--headless', '--virtual-time', '--duration', '3s'];
const ofType = (lines: Line[], type: string): Line[] => lines.filter((line) => line.type === type);

describe('--device on the simulated host', () => {
  it('two devices, one of them taken from its driver, in every message and in the journal', async () => {
    const journal = join(directory, 'journal.ndjson');
    const args = ['--device', '17:00.0', '--device', '17:01.0', '--bind', '--answer', 'success', '--journal', journal];
    const ran = await iopftop([...HOST, ...args]);
    expect([ran.stderr, ran.code]).toEqual(['', 0]);
    expect(ran.lines.map(messageProblem).filter((problem) => problem !== null)).toEqual([]);
    expect(ran.lines[0]).toMatchObject({
      target: { kind: 'mock', mock: true, label: '2 devices', scenario: 'tour', seed: 1 },
      handles: { devices: [{ address: '0000:17:00.0' }, { address: '0000:17:01.0' }] },
    });
    expect(ofType(ran.lines, 'answer').length).toBeGreaterThan(0);
    expect(ofType(ran.lines, 'notice').map(({ what, device }) => [what, device])).toEqual([
      ['bound', '0000:17:01.0'],
      ['restored', '0000:17:01.0'],
    ]);
    const actions = readFileSync(journal, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).action);
    expect([...actions.slice(0, 3), ...actions.slice(-2)]).toEqual(['start', 'policy', 'bound', 'restored', 'end']);
  });

  it('the same seed gives the same bytes', async () => {
    const args = [...HOST, '--device', '17:00.0', '--hwpt', 'nested', '--pasid', '3', '--iova', '0x20000000+2M'];
    const [first, again, other] = await Promise.all([
      iopftop([...args, '--seed', '4']),
      iopftop([...args, '--seed', '4']),
      iopftop([...args, '--seed', '5']),
    ]);
    expect(first.stdout).toBe(again.stdout);
    expect(first.stdout).not.toBe(other.stdout);
  });

  it.each([
    ['a device that is not there', ['--device', '99:00.0'], /^iopftop: there is no device "99:00\.0": /],
    ['one with its driver', ['--device', '17:01.0'], /is not with VFIO: its driver is idxd: --bind does that/],
    [
      'one that cannot fault',
      ['--device', '76:01.0'],
      /cannot fault: .*EINVAL.* a VF of .* --without-faults attaches it/,
    ],
    ['one in use', ['--device', '19:00.0', '--bind', '--without-faults'], /is in use: \S+ is mounted at /],
  ])('%s: one line, exit code 1', async (_, args, message) => {
    const { code, stderr, lines } = await iopftop([...HOST, ...args]);
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect([code, lines.map(({ type }) => type)]).toEqual([1, ['error']]);
  });
});
