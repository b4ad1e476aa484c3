// What a client of the handover socket may say, and what is said to everything else.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRequest, RequestError } from '../../../src/sources/listen/request.ts';

const bytes = (value: unknown): Uint8Array =>
  new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
const parse = (value: unknown, fds = 0) => parseRequest(bytes(value), fds);
const hello = (more: object = {}) => ({ 'iopftop-handover': 1, name: 'qemu', queues: [{ fd: 0 }], ...more });

it('hello: queues, an iommufd and devices, by the place of their descriptors', () => {
  const device = { fd: 2, devId: 1, name: '0000:17:00.0', hwptId: 5, ioasId: 2 };
  expect(parse(hello({ queues: [{ fd: 0, faultId: 3 }], iommufd: 1, devices: [device] }), 3)).toEqual({
    cmd: 'hello',
    name: 'qemu',
    queues: [{ fd: 0, faultId: 3 }],
    iommufd: 1,
    devices: [device],
  });
  expect(parse(hello(), 1)).toMatchObject({ queues: [{ fd: 0, faultId: null }], iommufd: null, devices: [] });
});

it('add, release and status', () => {
  expect(parse({ cmd: 'add', queues: [{ fd: 0 }] }, 1)).toMatchObject({ cmd: 'add', queues: [{ fd: 0 }] });
  expect(parse({ cmd: 'release', queue: 7 })).toEqual({ cmd: 'release', queue: 7 });
  expect(parse({ cmd: 'status' })).toEqual({ cmd: 'status' });
});

it('a name is on one line', () => {
  expect(parse(hello({ name: 'q\x1b[2Jemu\n' }), 1)).toMatchObject({ name: 'q\x1b[2Jemu' });
});

describe('what is wrong, in words', () => {
  const device = { fd: 1, devId: 1 };
  it.each([
    ['', 0, 'the message is not JSON'],
    ['{', 0, 'the message is not JSON'],
    ['[]', 0, 'the message is not a JSON object'],
    ['null', 0, 'the message is not a JSON object'],
    ['{}', 0, 'the message has neither iopftop-handover nor cmd'],
    [{ 'iopftop-handover': 2 }, 0, 'iopftop-handover must be 1, got 2'],
    [{ 'iopftop-handover': null }, 0, 'iopftop-handover must be 1, got null'],
    [{ cmd: 'hello' }, 0, 'unknown cmd "hello"'],
    [{ cmd: 5 }, 0, 'unknown cmd 5'],
    [hello({ name: '' }), 1, 'name must be a string of 1 to 64 characters'],
    [hello({ name: 'x'.repeat(65) }), 1, 'name must be a string'],
    [hello({ name: undefined }), 1, 'name must be a string'],
    [hello(), 0, 'queues[0].fd: no descriptors came with the message'],
    [hello(), 2, 'descriptor 1 came with the message, but is not named in it'],
    [hello({ queues: [{ fd: 1 }] }), 1, 'queues[0].fd must be a whole number from 0 to 0'],
    [hello({ queues: [{ fd: '0' }] }), 1, 'queues[0].fd must be a whole number'],
    [hello({ queues: [{ fd: 0 }, { fd: 0 }] }), 2, 'queues[1].fd: descriptor 0 is named twice'],
    [hello({ queues: { fd: 0 } }), 1, 'queues must be a list of objects'],
    [hello({ queues: [0] }), 1, 'queues must be a list of objects'],
    [hello({ queues: [] }), 0, 'no queue was handed over'],
    [hello({ queues: [{ fd: 0, faultid: 3 }] }), 1, 'queues[0]: unknown key "faultid"'],
    [hello({ queues: [{ fd: 0, faultId: 0 }] }), 1, 'queues[0].faultId must be a whole number from 1'],
    [hello({ devices: [{ ...device, devId: 1.5 }] }), 2, 'devices[0].devId must be a whole number'],
    [hello({ devices: [{ ...device, name: 7 }] }), 2, 'devices[0].name must be a string'],
    [hello({ devices: [{ ...device, hwptId: -1 }] }), 2, 'devices[0].hwptId must be'],
    [hello({ more: 1 }), 1, 'unknown key "more"'],
    ['{"iopftop-handover":1,"name":"x","__proto__":{}}', 0, 'unknown key "__proto__"'],
    [{ cmd: 'add' }, 0, 'nothing to add'],
    [{ cmd: 'release' }, 0, 'queue must be a whole number'],
    [{ cmd: 'status' }, 1, 'descriptor 0 came with the message'],
  ])('%j with %i descriptors', (message, fds, words) => {
    expect(() => parse(message, fds)).toThrow(RequestError);
    expect(() => parse(message, fds)).toThrow(words);
  });
});

it('whatever comes, it is taken or refused in one line that a terminal can be shown', () => {
  const anything = fc.oneof(
    fc.uint8Array({ maxLength: 64 }),
    fc.json({ maxDepth: 3 }).map((text) => bytes(text)),
    fc
      .record({ 'iopftop-handover': fc.constantFrom(1, 2, '1'), name: fc.string(), queues: fc.jsonValue() })
      .map((value) => bytes(value)),
    fc.record({ cmd: fc.string(), queue: fc.jsonValue() }).map((value) => bytes(value)),
  );
  fc.assert(
    fc.property(anything, fc.nat(3), (message, fds) => {
      try {
        parseRequest(message, fds);
      } catch (error) {
        expect(error).toBeInstanceOf(RequestError);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
        expect((error as Error).message).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
      }
    }),
    { numRuns: 500 },
  );
});
