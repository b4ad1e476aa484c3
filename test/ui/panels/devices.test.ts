import { describe, expect, it } from 'vitest';
import { deviceLines } from '../../../src/ui/model/places/device-tree.ts';
import { crookedRows, SIZES, screenOf } from '../fixtures/screen.ts';
import { Session } from '../fixtures/session.ts';

function session(columns: number, rows: number): Session {
  const made = new Session(columns, rows);
  made.engine.fault(1, 5);
  return made.press('2').view(3);
}

describe('the devices page', () => {
  it.each(SIZES)('has straight sides, and pending and oldest of each row, at %dx%d', async (columns, rows) => {
    const lines = await screenOf(session(columns, rows));
    expect(crookedRows(lines)).toEqual([]);
    for (const name of ['mock0', 'PASID 5']) {
      expect(lines.find((line) => line.includes(name))).toMatch(/ 1 +3\.0 s/);
    }
    expect(lines.find((line) => line.includes('mock1'))).toMatch(/ 0 +- /);
  });

  it('has rate, faults, queue and poll state of each attachment where it is wide', async () => {
    const made = session(200, 60);
    const lines = await screenOf(made);
    const titles = lines.find((line) => line.includes('DEVICE, PASID'))!;
    expect(titles).toMatch(/HWPT +IOAS +QUEUE +HANDLER +FAULTS\/S +PEND +OLDEST +FAULTS +LAST FAULT +POLL/);
    const row = lines.find((line) => line.includes('PASID 5'))!;
    expect(row).toMatch(/nested 6 +3 +4 +us +1\.5 +1 +3\.0 s +1 +empty/);
    made.engine.queues = [{ queue: 0, faultId: 4, fd: 9, readable: true, pending: 1, faults: 1, closed: false }];
    expect((await screenOf(made.view())).find((line) => line.includes('PASID 5'))).toContain('POLLIN');
  });

  it("shows an SVA bond as the kernel's, counts nothing there, and says so to every key that would act", async () => {
    const made = session(120, 40);
    const device = made.engine.view().snapshot.devices[0]!;
    const bond = {
      ...device.attachments[0]!,
      pasid: 7,
      hwptId: null,
      hwptKind: null,
      ioasId: null,
      faultId: null,
      handler: 'kernel' as const,
      pending: 0,
      oldestNs: null,
    };
    made.engine.devices = [{ ...device, attachments: [...device.attachments, bond] }];
    const lines = await screenOf(made.view());
    expect(crookedRows(lines)).toEqual([]);
    expect(lines.find((line) => line.includes('PASID 7'))).toMatch(/PASID 7 +SVA bond +- .*kernel +- +- +-/);
    made.press('end').view();
    for (const key of ['s', 'i', 'm', 'r', 'd']) {
      made.press(key).view();
      expect(made.state.dialog).toBe(null);
      expect(made.state.status?.text).toContain('PASID 7 has an SVA bond: only the kernel answers its faults.');
    }
    expect(made.engine.commands).toEqual([]);
  });

  it('counts those that are hung', async () => {
    const made = session(80, 24);
    made.engine.hung.set(1, 2e9);
    expect((await screenOf(made.view()))[3]).toContain('1 stuck, 2 devices, 2 attached');
  });

  it('keeps PCI addresses whole in every list, since they differ at their ends', async () => {
    for (const [columns, rows] of [
      [60, 16],
      [80, 24],
    ] as const) {
      const made = new Session(columns, rows);
      const device = made.engine.view().snapshot.devices[0]!;
      made.engine.devices = [{ ...device, name: '0000:17:00.1' }];
      made.engine.known.set(made.engine.fault(1), { device: '0000:17:00.1' });
      for (const page of ['2', '3', '4']) {
        expect((await screenOf(made.press(page).view())).join('\n')).toContain(' 0000:17:00.1 ');
      }
    }
  });

  it('keeps every digit of a PASID', async () => {
    const made = new Session(60, 16);
    made.engine.fault(1, 5);
    const attachments = () => made.engine.view().snapshot.devices[0]!.attachments;
    made.press('2').view();
    const view = made.state.view!;
    const [first, ...others] = view.devices;
    const long = {
      ...first!,
      attachments: attachments().map((a) => (a.pasid === null ? a : { ...a, pasid: 0xfffff })),
    };
    made.state = { ...made.state, view: { ...view, devices: [long, ...others] } };
    expect((await screenOf(made)).join('\n')).toContain('PASID 1048575 ');
  });
});

describe('the devices on the overview', () => {
  it('are in the order of the tree but for those that are hung, and the cursor stays with its device', () => {
    const made = new Session(80, 24).view().press('left').view();
    const names = () => deviceLines(made.state).map(({ device }) => device.name);
    expect(new Set(names())).toEqual(new Set(['mock0', 'mock1']));
    expect(names()[0]).toBe('mock0');
    const { key } = made.state.devices;
    made.engine.hung.set(2, 2e9);
    made.view();
    expect(names()[0]).toBe('mock1');
    expect(made.state).toMatchObject({ focus: 'devices', devices: { key } });
    made.press('2').view();
    expect(names()[0]).toBe('mock0');
  });
});
