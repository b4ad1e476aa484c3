// The handover socket: leases, refusals, and that nothing that came with a message stays open.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HandedSource } from '../../../src/sources/handed/handed-source.ts';
import type { SourceAction } from '../../../src/sources/source.ts';
import { Client, DEVICE, IOMMUFD, openFiles, type Pretend, pretend, QUEUE } from './pretend.ts';

const HELLO = { 'iopftop-handover': 1, name: 'qemu', queues: [{ fd: 0, faultId: 3 }] };
let directory = '';
let path = '';
let before: string[] = [];
let on: Pretend;
let source: HandedSource;
const clients: Client[] = [];

function client(): Client {
  const made = new Client(on, path);
  clients.push(made);
  return made;
}

/** Lets the source take what has come, and does what the engine would. */
function tick(): SourceAction[] {
  const actions = source.tick(0n);
  for (const action of actions) if (action.action === 'close-queue') source.closeQueue(action.queue);
  return [...actions, ...(source.nextDueNs() === 0n ? source.tick(0n) : [])];
}

const told = (actions: SourceAction[]): string[] =>
  actions.flatMap((action) => ('text' in action ? [action.text.replace(/pid \d+/, 'pid N')] : []));

function listening(peer: { uid: number } | null = null): void {
  on = pretend(peer);
  before = openFiles();
  source = new HandedSource(on.kernel, 'test');
  source.listen(path);
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'iopftop-listen-'));
  path = join(directory, 'socket');
});
afterEach(() => {
  for (const made of clients.splice(0)) made.close();
  source?.close();
  if (before.length > 0) expect(openFiles()).toEqual(before);
  before = [];
  rmSync(directory, { recursive: true });
});

describe('a lease', () => {
  beforeEach(() => listening());

  it('begins with hello, and ends with the connection', () => {
    const vmm = client();
    vmm.send(HELLO, [QUEUE]);
    expect(told(tick())).toEqual(['qemu (pid N) has connected', 'qemu (pid N) has handed over queue 0']);
    expect(vmm.answer()).toEqual({ ok: true, queues: [0] });
    expect(source.queues[0]).toMatchObject({ id: 3, closed: false });
    clients.pop()?.close();
    const gone = 'qemu (pid N) disconnected: it closed the connection';
    expect(told(tick())).toEqual([gone, gone]);
    expect(source.queues[0]).toMatchObject({ closed: true });
    expect(source.watches).toHaveLength(1);
  });

  it('queues are added, looked at and taken back', () => {
    const vmm = client();
    vmm.send(HELLO, [QUEUE]);
    vmm.send({ cmd: 'add', queues: [{ fd: 1 }, { fd: 0 }] }, [QUEUE, QUEUE]);
    vmm.send({ cmd: 'status' });
    vmm.send({ cmd: 'release', queue: 1 });
    vmm.send({ cmd: 'release', queue: 1 });
    vmm.send({ cmd: 'status' });
    tick();
    expect([vmm.answer(), vmm.answer()]).toEqual([
      { ok: true, queues: [0] },
      { ok: true, queues: [1, 2] },
    ]);
    expect(vmm.answer()).toMatchObject({ ok: true, queues: [{ queue: 0, faultId: 3 }, { queue: 1 }, { queue: 2 }] });
    // Its queue is settled before the answer comes; the message after it is answered at once.
    expect(vmm.answer()).toEqual({ ok: false, error: 'queue 1 is not yours', hint: 'your queues: 0, 1, 2' });
    expect(vmm.answer()).toMatchObject({ ok: true, queues: { length: 3 } });
    expect(vmm.answer()).toEqual({ ok: true, queues: [1] });
    expect(source.queues.map(({ closed }) => closed)).toEqual([false, true, false]);
  });

  it('several clients: what one has is none of the others business, and device ids do not mix', () => {
    const [one, two] = [client(), client()];
    one.send(HELLO, [QUEUE]);
    two.send({ ...HELLO, name: 'other' }, [QUEUE]);
    two.send({ cmd: 'release', queue: 0 });
    tick();
    expect(one.answer()).toEqual({ ok: true, queues: [0] });
    expect(two.answer()).toEqual({ ok: true, queues: [1] });
    expect(two.answer()).toMatchObject({ ok: false, hint: 'your queues: 1' });
    source.seen(5);
    source.seen(1_000_005);
    expect(source.devices.map(({ name }) => name.replace(/pid \d+/, 'pid N'))).toEqual([
      'device 5 of qemu (pid N)',
      'device 5 of other (pid N)',
    ]);
    clients.shift()?.close();
    tick();
    expect(source.queues.map(({ closed }) => closed)).toEqual([true, false]);
    expect([source.note(5), source.note(1_000_005)]).toEqual(['its owner has gone', null]);
  });

  it('an iommufd and a device come with it', () => {
    const vmm = client();
    const devices = [{ fd: 2, devId: 4, name: '0000:17:00.0', hwptId: 5, ioasId: 2 }];
    vmm.send({ ...HELLO, iommufd: 1, devices }, [QUEUE, IOMMUFD, DEVICE]);
    tick();
    expect(vmm.answer()).toEqual({ ok: true, queues: [0] });
    expect(source.devices).toMatchObject([{ devId: 4, name: '0000:17:00.0' }]);
    expect(source.attachments).toMatchObject([{ devId: 4, pasid: null, hwpt: { id: 5, ioasId: 2, faultId: 3 } }]);
    vmm.send({ cmd: 'add', iommufd: 0 }, [IOMMUFD]);
    tick();
    expect(vmm.answer()).toMatchObject({ ok: false, error: 'an iommufd was already handed over' });
  });

  it('our end ends it, and the path goes', () => {
    const vmm = client();
    vmm.send(HELLO, [QUEUE]);
    tick();
    vmm.answer();
    expect(source.close()).toEqual([]);
    expect(vmm.answer()).toBe('closed');
    expect(existsSync(path)).toBe(false);
    source = new HandedSource(on.kernel, 'test');
  });
});

describe('a message that cannot be used is answered, and nothing of it is kept', () => {
  beforeEach(() => listening());

  it.each([
    ['no JSON', 'nonsense', [QUEUE], 'the message is not JSON'],
    ['no descriptors', HELLO, [], 'no descriptors came'],
    ['one too many', HELLO, [QUEUE, QUEUE], 'is not named in it'],
    ['no queue', HELLO, ['/dev/null'], 'queues[0] is not a fault queue'],
    ['a directory', HELLO, ['/'], 'queues[0] is not a fault queue'],
    ['another version', { ...HELLO, 'iopftop-handover': 9 }, [QUEUE], 'must be 1, got 9'],
    ['no iommufd', { ...HELLO, iommufd: 1 }, [QUEUE, QUEUE], 'iommufd is not an iommufd'],
    ['a device alone', { ...HELLO, devices: [{ fd: 1, devId: 1 }] }, [QUEUE, DEVICE], 'came without its iommufd'],
    ['no hello', { cmd: 'add', queues: [{ fd: 0 }] }, [QUEUE], 'nothing was handed over yet'],
    [
      'all the same',
      { ...HELLO, queues: [{ fd: 0 }, { fd: 1 }] },
      'twice',
      'queues[1] and queues[0] are the same queue',
    ],
  ] as const)('%s', (_, message, paths, words) => {
    const vmm = client();
    if (paths === 'twice') {
      const fd = on.kernel.open(QUEUE, 0);
      on.sockets.send(vmm.fd, new TextEncoder().encode(JSON.stringify(message)), [fd, fd]);
      on.kernel.close(fd);
    } else {
      vmm.send(message, paths);
    }
    tick();
    const answer = vmm.answer();
    expect(answer).toMatchObject({ ok: false, error: expect.stringContaining(words) });
    expect(Object.keys(answer)).toEqual(['ok', 'error', 'hint']);
    expect(vmm.answer()).toBe('closed');
    expect(source.queues.filter(({ closed }) => !closed)).toEqual([]);
  });

  it('a queue that is here already', () => {
    const [one, two] = [client(), client()];
    const fd = on.kernel.open(QUEUE, 0);
    const text = new TextEncoder().encode(JSON.stringify(HELLO));
    on.sockets.send(one.fd, text, [fd]);
    tick();
    on.sockets.send(two.fd, text, [fd]);
    on.kernel.close(fd);
    tick();
    expect(two.answer()).toMatchObject({ ok: false, error: 'queues[0] is already here, as queue 0' });
  });

  it('after hello the lease goes on', () => {
    const vmm = client();
    vmm.send(HELLO, [QUEUE]);
    vmm.send('nonsense', [QUEUE]);
    vmm.send(HELLO, [QUEUE]);
    vmm.send({ cmd: 'status' });
    tick();
    expect([vmm.answer().ok, vmm.answer().ok, vmm.answer().error, vmm.answer().ok]).toEqual([
      true,
      false,
      'this connection has already handed over',
      true,
    ]);
  });

  it('an empty message ends it, with what came along', () => {
    const vmm = client();
    vmm.send(HELLO, [QUEUE]);
    vmm.send('', [QUEUE]);
    tick();
    expect(vmm.answer()).toMatchObject({ ok: true });
    expect(vmm.answer()).toBe('closed');
  });

  it('one that does not read its answers is let go', () => {
    const vmm = client();
    vmm.send(HELLO, [QUEUE]);
    let over = false;
    for (let i = 0; i < 100_000 && !over; i++) {
      vmm.send({ cmd: 'status' });
      over = told(tick()).some((text) => text.endsWith('it does not read its replies'));
    }
    expect(over).toBe(true);
    expect(source.queues).toMatchObject([{ closed: true }]);
  });

  it('several hundred clients that say anything at all', () => {
    const part = fc.oneof(fc.jsonValue(), fc.array(fc.record({ fd: fc.integer(), devId: fc.integer() })));
    const message = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
      fc.json(),
      fc.record({ 'iopftop-handover': fc.constant(1), name: fc.string(), queues: part, iommufd: part, devices: part }),
      fc.constantFrom(HELLO, { cmd: 'status' }, { cmd: 'release', queue: 0 }, { cmd: 'add', queues: [{ fd: 0 }] }),
    );
    const files = fc.array(fc.constantFrom(QUEUE, IOMMUFD, DEVICE, '/dev/null'), { maxLength: 4 });
    const start = openFiles();
    fc.assert(
      fc.property(fc.array(fc.tuple(message, files), { minLength: 1, maxLength: 5 }), (messages) => {
        const vmm = client();
        for (const [said, paths] of messages) vmm.send(said, paths);
        tick();
        clients.pop()?.close();
        tick();
        expect(openFiles()).toEqual(start);
        expect(source.watches).toHaveLength(1);
      }),
      { numRuns: 300 },
    );
  });
});

describe('who may connect', () => {
  it('the owner, and root', () => {
    listening({ uid: 0 });
    client().send(HELLO, [QUEUE]);
    tick();
    expect(clients[0]?.answer()).toEqual({ ok: true, queues: [0] });
  });

  it('nobody else: told, noted and let go before anything it says is looked at', () => {
    listening({ uid: 4_711 });
    client().send(HELLO, [QUEUE]);
    expect(told(tick())).toEqual([expect.stringContaining('uid 4711 is neither the user of this iopftop')]);
    expect(clients[0]?.answer()).toMatchObject({ ok: false, hint: 'run the client as that user' });
    expect(source.queues).toEqual([]);
  });

  it('no more than fit', () => {
    listening();
    for (let i = 0; i < 32; i++) {
      client();
      tick();
    }
    client();
    expect(told(tick())).toEqual([expect.stringContaining('there are already 32 connections')]);
    clients.shift()?.close();
    tick();
    client().send(HELLO, [QUEUE]);
    tick();
    expect(clients.at(-1)?.answer()).toMatchObject({ ok: true });
  });
});

describe('where it may be', () => {
  const refused = (): string => {
    try {
      listening();
    } catch (error) {
      before = [];
      return (error as Error).message.replaceAll(directory, 'DIR');
    }
    return 'it listens';
  };

  it('for its owner only', () => {
    listening();
    expect(statSync(path).mode & 0o7777).toBe(0o600);
  });

  it('not where everybody can write', () => {
    const shared = join(directory, 'shared');
    mkdirSync(shared);
    chmodSync(shared, 0o777);
    path = join(shared, 'socket');
    expect(refused()).toBe('--listen DIR/shared/socket: DIR/shared is writable by everybody');
    chmodSync(shared, 0o1777);
    expect(refused()).toBe('it listens');
  });

  it('not over anything that is no socket of a dead iopftop', () => {
    writeFileSync(path, '');
    expect(refused()).toBe('--listen DIR/socket: a file is already there');
    rmSync(path);
    mkdirSync(path);
    expect(refused()).toBe('--listen DIR/socket: a directory is already there');
    for (const [name, to] of [
      ['to-nothing', 'absent'],
      ['to-directory', '.'],
    ] as const) {
      path = join(directory, name);
      symlinkSync(to, path);
      expect(refused()).toBe(`--listen DIR/${name}: a link is already there`);
    }
    path = join(directory, 'nothing/socket');
    expect(refused()).toBe('--listen DIR/nothing/socket: directory DIR/nothing does not exist');
    path = join(directory, 'x'.repeat(120));
    expect(refused()).toContain('a socket path can have at most 107 bytes');
  });

  it('not over one that lives, of whatever kind', async () => {
    listening();
    const first = source;
    expect(refused()).toBe("--listen DIR/socket: another program's socket is already there");
    source = first;
    source.close();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(path, resolve));
    chmodSync(path, 0o600);
    expect(refused()).toBe("--listen DIR/socket: another program's socket is already there");
    await new Promise((resolve) => server.close(resolve));
  });

  it('in the place of one that is dead, if it is ours', () => {
    on = pretend();
    on.kernel.close(on.sockets.listen(path, 1));
    chmodSync(path, 0o644);
    expect(refused()).toBe('--listen DIR/socket: a socket is already there that your iopftop did not leave');
    chmodSync(path, 0o600);
    expect(refused()).toBe('it listens');
  });
});
