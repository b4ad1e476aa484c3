import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/protocol/commands.ts';
import { fromEngine, toEngine } from '../../src/protocol/crossing.ts';
import { FrameError, FrameReader, frame, MOST_FRAME } from '../../src/protocol/framing.ts';
import { LOCAL } from '../../src/protocol/local.ts';
import type { ToEngine } from '../../src/protocol/messages.ts';
import { seen, sender, windowRequest } from '../../src/protocol/requests.ts';
import { MESSAGES } from '../../src/protocol/schema.ts';
import type { Schema } from '../../src/protocol/schema-parts.ts';
import { settled, window } from '../engine/filter/window.ts';
import { rig } from '../engine/fixture.ts';
import { anyOf } from '../helpers/any-message.ts';

const options = {
  numRuns: Number(process.env.IOPFTOP_FUZZ_RUNS || 300),
  seed: Number(process.env.IOPFTOP_FUZZ_SEED || 1),
};

const fromEngineSchemas: Schema[] = [...Object.values(MESSAGES), ...Object.values(LOCAL)];
const ofEngine = fc.oneof(...fromEngineSchemas.map((schema) => anyOf(schema))) as fc.Arbitrary<object>;
/** That a `respond` says what it is for is beyond the fields. */
const command = fc
  .oneof(...Object.values(COMMANDS).map((schema) => anyOf(schema as Schema)))
  .map((value) => ((value as { cmd: string }).cmd === 'respond' ? { ...(value as object), all: true } : value));
const ofFrontEnd = fc.oneof(
  fc.record({ command, cause: anyOf(sender) }, { noNullPrototype: true }),
  anyOf(windowRequest),
  anyOf(seen),
) as fc.Arbitrary<ToEngine>;

/** The bytes in pieces of these sizes, again and again; the last is what is left. */
function* pieces(bytes: Uint8Array, sizes: readonly number[]): Generator<Uint8Array> {
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = Math.max(1, sizes[i % sizes.length]!);
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

const read = (bytes: Uint8Array, sizes: readonly number[], most?: number): unknown[] => {
  const reader = new FrameReader(most);
  const messages = [...pieces(bytes, sizes)].flatMap((piece) => reader.push(piece));
  reader.end();
  return messages;
};

const sizes = fc.oneof(fc.array(fc.nat(40), { minLength: 1, maxLength: 8 }), fc.constant([1]), fc.constant([1e9]));

/** What the reader says of bytes, and nothing else that it could throw. */
const failure = (bytes: Uint8Array, cut: readonly number[] = [1e9], most?: number): FrameError => {
  try {
    read(bytes, cut, most);
  } catch (error) {
    expect(error).toBeInstanceOf(FrameError);
    return error as FrameError;
  }
  throw new Error('the bytes were taken');
};

const raw = (header: string, arrays: Uint8Array = new Uint8Array()): Uint8Array => {
  const text = Buffer.from(header, 'latin1');
  return Buffer.concat([
    new Uint8Array(new Uint32Array([0x46504f49, text.length, arrays.length]).buffer),
    text,
    arrays,
  ]);
};

describe('messages across a pipe', () => {
  it('of an engine: the same, however the bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(ofEngine, { maxLength: 4 }), sizes, (messages, cut) => {
        const crossed = read(Buffer.concat(messages.map((message) => frame(message))), cut);
        expect(crossed).toEqual(messages);
        for (const value of crossed) expect(fromEngine(value)).toEqual({ message: value });
      }),
      options,
    );
  });

  it('of a front end: the same, and each is taken', () => {
    fc.assert(
      fc.property(fc.array(ofFrontEnd, { maxLength: 4 }), sizes, (messages, cut) => {
        const crossed = read(Buffer.concat(messages.map((message) => frame(message))), cut);
        expect(crossed).toEqual(messages);
        for (const value of crossed) expect(toEngine(value)).toEqual({ message: value });
      }),
      options,
    );
  });

  it('are what the engine makes: a view with all that can be asked for', () => {
    const r = rig();
    r.fault(40);
    r.session.command({ cmd: 'respond', groups: [2, 4], code: 'invalid' }, 'key');
    const asked = window({
      filters: { stream: 'group > 3', pending: 'nonsense(' },
      journal: { rows: 5, end: null },
      detail: { group: 3, from: 0, rows: 4 },
      statistics: true,
      test: { id: 1, rule: { when: 'read', then: 'success' }, before: 0 },
      chosen: { id: 2, all: true, numbers: true },
    });
    expect(toEngine(read(frame(asked), [3])[0])).toEqual({ message: asked });
    const view = settled(r, asked);
    for (const part of ['journal', 'detail', 'statistics', 'test', 'chosen'] as const)
      expect(view[part]).not.toBeNull();
    expect(fromEngine(read(frame(view), [1_000, 1])[0], false)).toEqual({ message: view });
  });

  it('have arrays with memory of their own', () => {
    const bytes = frame({ type: 'batch', records: new Uint8Array([1, 2, 3]), groups: new Float64Array([0.5]) });
    const [message] = read(bytes, [1e9]) as { records: Uint8Array; groups: Float64Array }[];
    bytes.fill(0);
    expect([...message!.records, ...message!.groups]).toEqual([1, 2, 3, 0.5]);
    expect(message!.records.buffer.byteLength).toBe(3);
  });

  it('cannot be made of what JSON cannot represent, or are too large', () => {
    for (const value of [
      Number.NaN,
      Number.POSITIVE_INFINITY,
      1n,
      Symbol('x'),
      () => 0,
      new Float32Array(1),
      [undefined],
    ])
      expect(() => frame({ a: { b: value } })).toThrow(/^framing: a\.b/);
    expect(frame({ a: undefined })).toEqual(frame({}));
    expect(() => frame({ records: new Uint8Array(MOST_FRAME) })).toThrow(RangeError);
    expect(() => frame({ records: new Uint8Array(100) }, 100)).toThrow('exceeds the limit of 100');
  });
});

describe('bytes that are no frame', () => {
  const good = frame({ type: 'batch', t: 1, records: new Uint8Array(40) });

  it('are told with their place, and messages before them are given', () => {
    const reader = new FrameReader();
    const noise = Buffer.from('Welcome to host7\n');
    expect(reader.push(Buffer.concat([good, noise]))).toHaveLength(1);
    const told = `byte ${good.length}: no message begins with 57 65 6c 63; does something else write to this stream?`;
    expect(() => reader.push(good)).toThrow(told);
    expect(() => reader.push(good)).toThrow(told);
    expect(() => reader.end()).toThrow(told);
  });

  it.each([
    [Buffer.from('FPOI\0\0\0\0\0\0\0\0'), 'byte 0: it comes from a machine with another byte order'],
    [raw('x').subarray(0, 5), 'byte 0: the stream ends within this frame'],
    [good.subarray(0, -1), 'byte 0: the stream ends within this frame'],
    [Buffer.from('Last'), 'byte 0: no message begins with 4c 61 73 74; does something else write to this stream?'],
    [raw('[{},[]'), 'byte 0: its header is not JSON'],
    [raw('[{"a":"\xff"},[]]'), 'byte 0: its header is not UTF-8'],
    [raw('{}'), 'byte 0: its header is not a list of two'],
    [raw('[5,[]]'), 'byte 0: its message is not an object'],
    [raw('[{},{}]'), 'byte 0: it does not say where its arrays go'],
    [raw('[{},[]]', new Uint8Array(3)), 'byte 0: its arrays have 3 bytes, its header says 0'],
    [raw(`[${'['.repeat(64)}${']'.repeat(64)},[]]`), 'byte 0: its header is nested deeper than 64'],
  ])('%#: %2$s', (bytes, told) => {
    expect(failure(bytes).message).toBe(told);
    expect(failure(bytes, [1]).message).toBe(told);
  });

  it.each([
    '["Uint8Array",4,"a"]',
    '["Uint8Array",-1,"a"]',
    '["Uint8Array",0.5,"a"]',
    '["Uint8Array",1e300,"a"]',
    '["Int8Array",3,"a"]',
    '["constructor",3,"a"]',
    '["Uint8Array",3]',
    '["Uint8Array",3,"b"]',
    '["Uint8Array",3,"c"]',
    '["Uint8Array",3,"__proto__"]',
    '["Uint8Array",3,"constructor","prototype"]',
    '["Uint8Array",3,["a"]]',
    '5',
  ])('have an array at %s, which is not there or not so large', (place) => {
    const told = failure(raw(`[{"a":null,"c":1},[${place}]]`, new Uint8Array(3))).message;
    expect(told).toBe('byte 0: the array at byte 0 has no place or no size');
  });

  it('do not make it wait for more than it would take', () => {
    const claim = new Uint8Array(new Uint32Array([0x46504f49, 0xffffffff, 0xffffffff]).buffer);
    expect(failure(claim).message).toBe(
      `byte 0: a message of ${2 * 0xffffffff} bytes exceeds the limit of ${MOST_FRAME}`,
    );
    expect(failure(good, [1e9], good.length - 13).message).toContain('exceeds the limit');
    expect(read(good, [7], good.length - 12)).toHaveLength(1);
  });

  it('of any kind give an error or messages, and nothing else', () => {
    const changed = fc
      .tuple(
        fc.array(fc.oneof(ofEngine, ofFrontEnd), { minLength: 1, maxLength: 3 }),
        fc.array(fc.tuple(fc.nat(), fc.nat(255))),
      )
      .map(([messages, changes]) => {
        const bytes = Buffer.concat(messages.map((message) => frame(message)));
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
        return bytes as Uint8Array;
      });
    const framed = fc.tuple(fc.json(), fc.uint8Array()).map(([json, arrays]) => raw(json, arrays));
    let taken = 0;
    let refused = 0;
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), changed, framed), sizes, (bytes, cut) => {
        let messages: unknown[] = [];
        try {
          messages = read(bytes, cut);
          taken++;
        } catch (error) {
          expect(error).toBeInstanceOf(FrameError);
          refused++;
        }
        // Whatever they say, it is a message or there are words for it.
        for (const message of messages)
          for (const crossed of [fromEngine(message), toEngine(message)])
            expect('message' in crossed || crossed.problem.length + crossed.expected.length > 10).toBe(true);
      }),
      options,
    );
    expect(Math.min(taken, refused)).toBeGreaterThan(options.numRuns / 20);
  });
});
