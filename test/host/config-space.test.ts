import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isGone, readExtended, walkExtended } from '../../src/host/config-space.ts';
import { configSpace, FULL } from './small-host.ts';

const NONE = { ats: null, pasid: null, pri: null };

/** Puts the header of an extended capability. */
function put(bytes: Uint8Array, at: number, id: number, next: number): Uint8Array {
  new DataView(bytes.buffer).setUint32(at, (id | (1 << 16) | (next << 20)) >>> 0, true);
  return bytes;
}

describe('extended capabilities', () => {
  it('ATS, PASID and PRI, with what is on and how much they can', () => {
    expect(readExtended(configSpace(FULL), 4096)).toEqual({
      state: 'read',
      damage: null,
      capabilities: {
        ats: { enabled: true, queueDepth: 32, pageAligned: false },
        pasid: { enabled: true, width: 20, executable: false, privileged: false },
        pri: {
          enabled: true,
          stopped: false,
          responseFailure: false,
          unexpectedGroupIndex: false,
          responsePasidRequired: true,
          capacity: 512,
          allocation: 32,
        },
      },
    });
  });

  it('every bit of their registers by itself', () => {
    const bytes = configSpace({ ats: [0x27, 0], pasid: [0x0802, 0], pri: [0, 0x103, 0xffff_ffff, 0] });
    const found = readExtended(bytes, 4096);
    expect(found.state === 'read' && found.capabilities).toEqual({
      ats: { enabled: false, queueDepth: 7, pageAligned: true },
      pasid: { enabled: false, width: 8, executable: true, privileged: false },
      pri: {
        enabled: false,
        stopped: true,
        responseFailure: true,
        unexpectedGroupIndex: true,
        responsePasidRequired: false,
        capacity: 0xffff_ffff,
        allocation: 0,
      },
    });
  });

  it.each([
    ['no list', configSpace({}), null],
    ['a circle', put(put(new Uint8Array(4096), 0x100, 1, 0x140), 0x140, 2, 0x100), 'the list goes back to 0x100'],
    ['itself', put(new Uint8Array(4096), 0x100, 1, 0x100), 'the list goes back to 0x100'],
    ['the header', put(new Uint8Array(4096), 0x100, 1, 0x40), 'an offset of 0x40'],
    ['ones', put(new Uint8Array(4096).fill(0xff, 0x200), 0x100, 1, 0x200), 'ones at 0x200'],
    ['the end', put(configSpace({}, 0x110), 0x100, 1, 0x110), 'an offset of 0x110'],
  ])('a list that leads to %s ends there', (_, bytes, damage) => {
    expect(walkExtended(bytes).damage).toBe(damage);
  });

  it('one that is cut in the middle is not known', () => {
    const whole = configSpace({ pri: [1, 0, 1, 1] });
    expect(readExtended(whole.slice(0, 0x10f), 4096)).toEqual({
      state: 'read',
      capabilities: NONE,
      damage: 'the capability at 0x100 cannot be read whole',
    });
  });

  it('without CAP_SYS_ADMIN there are 64 bytes, of a bridge to CardBus 128', () => {
    expect(readExtended(configSpace(FULL, 64), 4096)).toEqual({ state: 'cut', length: 64 });
    expect(readExtended(configSpace(FULL, 128), 4096)).toEqual({ state: 'cut', length: 128 });
  });

  it('conventional PCI has none, whoever asks', () => {
    expect(readExtended(configSpace({}, 64), 256)).toEqual({ state: 'read', capabilities: NONE, damage: null });
    expect(readExtended(configSpace({}, 256), 256)).toEqual({ state: 'read', capabilities: NONE, damage: null });
  });

  it('a device that is gone reads as ones; a VF does so in its ids only', () => {
    expect(readExtended(new Uint8Array(4096).fill(0xff), 4096)).toEqual({ state: 'gone' });
    const vf = configSpace(FULL);
    vf.fill(0xff, 0, 4);
    expect(readExtended(vf, 4096).state).toBe('read');
  });

  it('whatever the bytes are, it ends, inside of them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 4096, size: 'max' }), fc.constantFrom(0, 256, 4096), (bytes, size) => {
        readExtended(bytes, size);
        isGone(bytes);
        for (const at of walkExtended(bytes).offsets.values()) expect(at).toBeLessThan(bytes.length);
      }),
    );
  });
});

it.each([0, 1, 63])('%i bytes, and a file that says that there are no more, show nothing to be missing', (length) => {
  expect(readExtended(new Uint8Array(length), length)).toEqual({ state: 'cut', length });
});
