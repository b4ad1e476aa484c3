// `iopftop doctor` as text.
import { describe, expect, it } from 'vitest';
import { doctorText, type PageStyle } from '../../src/cli/doctor/text.ts';
import { type DoctorReport, examine } from '../../src/doctor/report.ts';
import { Machine } from '../../src/kernel/sim/machine/machine.ts';
import { SimKernel } from '../../src/kernel/sim/sim.ts';

const PLAIN: PageStyle = { width: 100, colour: false };
const kernel = () => new SimKernel({ machine: new Machine() });
const report = (device: string | null = null) => examine(kernel(), device, true);
const linesOf = (from: DoctorReport, look = PLAIN): string[] => doctorText(from, look).split('\n');

/** A check of which nothing is known but that. */
const made = (check: Partial<DoctorReport['checks'][number]>): DoctorReport => ({
  ...report(),
  device: 'a',
  devices: null,
  checks: [
    {
      id: 'x.y',
      group: 'x',
      title: 'a thing',
      state: 'fail',
      required: true,
      seen: 'seen',
      why: 'reason',
      remedies: [],
      because: null,
      ...check,
    },
  ],
});

describe('doctorText', () => {
  it('every state has a mark and a word', () => {
    const heads = (['pass', 'fail', 'unknown'] as const).map(
      (state) => linesOf(made({ state })).find((line) => line.includes('a thing'))!,
    );
    expect(heads).toEqual(['  + pass     a thing  seen', '  ! FAIL     a thing  seen', '  ? unknown  a thing  seen']);
    expect(linesOf(made({ state: 'skipped', because: 'a.b' }))).toContain(
      '  - skipped  a thing: not checked, because a.b failed',
    );
  });

  it('what does not apply is not shown, but counted', () => {
    const lines = linesOf({ ...made({ state: 'skipped' }), counts: { pass: 0, fail: 0, unknown: 0, skipped: 1 } });
    expect(lines.some((line) => line.includes('a thing'))).toBe(false);
    expect(lines.at(-2)).toBe(
      '0 passed, 0 failed, 0 unknown, 1 skipped, 1 of them not shown because they do not apply here',
    );
  });

  it('what is not required does not shout', () => {
    expect(linesOf(made({ required: false }))).toContain('  . fail     a thing  seen (not required)');
  });

  it('under what failed: why, and the command, whole at any width', () => {
    const command = `sudo ${'x'.repeat(200)} y`;
    const lines = linesOf(made({ remedies: [{ kind: 'mend', command, note: 'with a note' }] }), {
      ...PLAIN,
      width: 60,
    });
    expect(lines).toContain('             why   reason');
    expect(lines).toContain(`             fix   ${command}`);
    expect(lines).toContain('                   with a note');
  });

  it.each([
    ['a long command that was given already is not given again', 'do it '.repeat(20).trim(), 1],
    ['a short one is', 'do it', 2],
  ])('%s', (_, command, times) => {
    const { checks, ...rest } = made({ remedies: [{ kind: 'mend', command, note: null }] });
    const text = doctorText({ ...rest, checks: [...checks, { ...checks[0]!, id: 'x.z' }] }, PLAIN);
    expect(text.split(`fix   ${command}\n`)).toHaveLength(times + 1);
    expect(text.includes('fix   as above')).toBe(times === 1);
  });

  it.each([40, 60, 80, 120, 300])('at %i columns nothing but commands is wider', (width) => {
    for (const device of [null, '0000:17:01.0', '0000:5e:00.0', '0000:76:01.0', '0000:c1:00.0']) {
      const limit = Math.max(60, Math.min(width, 120));
      const wide = linesOf(report(device), { ...PLAIN, width }).filter(
        (line) => line.length > limit && !/^ +(fix|look) {2,3}/.test(line),
      );
      expect(wide).toEqual([]);
    }
  });

  it('says the first link that is missing', () => {
    const text = linesOf(report('0000:17:01.0')).slice(-5).join(' ');
    expect(text).toContain('The chain breaks at device.driver: its driver is idxd');
  });

  it('lists the devices of the host with their verdicts', () => {
    const lines = linesOf(report());
    expect(lines.find((line) => line.includes('0000:17:00.0  '))).toMatch(/^ {2}\+ ready {4}0000:17:00\.0 .*vfio-pci$/);
    expect(lines.find((line) => line.includes('0000:17:01.0  '))).toMatch(/^ {2}! needs {4}/);
    expect(lines.find((line) => line.includes('0000:19:00.0  '))).toMatch(/^ {2}- cannot {3}/);
  });

  it('colours nothing but the marks, and nothing without colour', () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    const escapes = /\u001b\[[0-9;]*m/g;
    const look = { ...PLAIN, colour: true };
    expect(doctorText(report('0000:17:01.0'), look).replace(escapes, '')).toBe(
      doctorText(report('0000:17:01.0'), PLAIN),
    );
    expect(doctorText(made({}), look)).toContain('\u001b[31m! FAIL   \u001b[0m');
  });

  it('what others wrote moves no cursor', () => {
    const evil = 'a\u001b[2J\nb\u0007\u009b1m';
    const remedies = [{ kind: 'look', command: evil, note: evil }] as const;
    const odd = { ...made({ title: evil, seen: evil, why: evil, remedies }), device: evil, kernel: evil };
    const text = doctorText(
      { ...odd, devices: [{ address: evil, name: evil, driver: evil, outcome: 'ready', why: evil }] },
      PLAIN,
    );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  });
});
