// Unix sockets that carry descriptors, on whatever kernel runs the tests: none of it needs an iommufd.
import { closeSync, mkdtempSync, openSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LinuxKernel } from '../../../src/kernel/linux/linux.ts';
import type { ReceivedMessage } from '../../../src/kernel/sockets.ts';
import { Errno } from '../../../src/uapi/errno.ts';
import type { Fd } from '../../../src/uapi/ids.ts';

const kernel = new LinuxKernel();
const { sockets } = kernel;
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
let directory = '';
let path = '';
const open: number[] = [];

const opened = (fd: number): Fd => {
  expect(fd).toBeGreaterThanOrEqual(0);
  open.push(fd);
  return fd as Fd;
};

/** Both ends of a connection. */
function pair(): { listener: Fd; client: Fd; server: Fd } {
  const listener = opened(sockets.listen(path, 4));
  const client = opened(sockets.connect(path));
  return { listener, client, server: opened(sockets.accept(listener)) };
}

function received(fd: Fd, bytes: Uint8Array): ReceivedMessage {
  const message = sockets.receive(fd, bytes);
  if (typeof message === 'number') throw new Error(`errno ${-message}`);
  for (const came of message.fds) opened(came);
  return message;
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'iopftop-sockets-'));
  path = join(directory, 'socket');
});

afterEach(() => {
  for (const fd of open.splice(0)) kernel.close(fd);
  rmSync(directory, { recursive: true });
});

test('the path is for its owner only, whatever the umask', () => {
  const mask = process.umask();
  opened(sockets.listen(path, 1));
  expect(statSync(path).mode & 0o7777).toBe(0o600);
  expect(process.umask()).toBe(mask);
});

test('a path that is taken, too long or empty', () => {
  writeFileSync(path, '');
  expect(sockets.listen(path, 1)).toBe(-Errno.EADDRINUSE);
  expect(sockets.listen(join(directory, 'x'.repeat(108)), 1)).toBe(-Errno.ENAMETOOLONG);
  expect(sockets.connect('')).toBe(-Errno.ENAMETOOLONG);
  expect(sockets.connect(join(directory, 'nothing'))).toBe(-Errno.ENOENT);
  expect(sockets.connect(path)).toBe(-Errno.ECONNREFUSED);
});

test('nobody waits, nothing has come: neither blocks', () => {
  const { listener, server } = pair();
  expect(sockets.accept(listener)).toBe(-Errno.EAGAIN);
  expect(sockets.receive(server, new Uint8Array(8))).toBe(-Errno.EAGAIN);
});

test('the peer is who connected', () => {
  const { server } = pair();
  expect(sockets.peer(server)).toEqual({ pid: process.pid, uid: process.getuid?.(), gid: process.getgid?.() });
  expect(() => sockets.peer(-1 as Fd)).toThrow('getsockopt');
});

test('a message is one message, with its descriptors, which are close-on-exec', () => {
  const { client, server } = pair();
  const file = join(directory, 'file');
  writeFileSync(file, 'it');
  const fd = openSync(file, 'r');
  expect(sockets.send(client, text('one'), [fd, fd, 0])).toBe(3);
  expect(sockets.send(client, text('two'))).toBe(3);
  closeSync(fd);
  const bytes = new Uint8Array(64);
  const one = received(server, bytes);
  expect(one).toMatchObject({ count: 3, truncated: false });
  expect(new TextDecoder().decode(bytes.subarray(0, 3))).toBe('one');
  expect(one.fds).toHaveLength(3);
  for (const came of one.fds.slice(0, 2)) {
    expect(readlinkSync(`/proc/self/fd/${came}`)).toBe(file);
    const info = new TextDecoder().decode(kernel.files.read(`/proc/self/fdinfo/${came}`));
    const flags = Number.parseInt(/flags:\s*(\d+)/.exec(info)?.[1] ?? '', 8);
    expect(flags & 0o2000000).toBe(0o2000000);
  }
  expect(received(server, bytes)).toEqual({ count: 3, fds: [], truncated: false });
  expect(new TextDecoder().decode(bytes.subarray(0, 3))).toBe('two');
});

test('what does not fit is cut off and said to be; the descriptors that came are all told', () => {
  const { client, server } = pair();
  expect(sockets.send(client, text('longer than that'))).toBe(16);
  expect(received(server, new Uint8Array(4))).toEqual({ count: 4, fds: [], truncated: true });
  expect(sockets.send(client, text('x'), new Array(16).fill(0))).toBe(1);
  expect(received(server, new Uint8Array(4))).toMatchObject({ fds: { length: 16 }, truncated: false });
  expect(sockets.send(client, text('x'), new Array(17).fill(0))).toBe(-Errno.EINVAL);
  expect(sockets.send(client, new Uint8Array(65_537))).toBe(-Errno.EMSGSIZE);
  expect(sockets.send(client, text('x'), [999_999])).toBe(-Errno.EBADF);
});

test('messages of every size arrive as they were', () => {
  const { client, server } = pair();
  const bytes = new Uint8Array(65_536);
  for (const size of [1, 2, 3, 4_095, 4_096, 65_535, 65_536]) {
    const sent = Uint8Array.from({ length: size }, (_, i) => (i * 7 + size) & 0xff);
    expect(sockets.send(client, sent)).toBe(size);
    expect(received(server, bytes).count).toBe(size);
    expect(Buffer.compare(bytes.subarray(0, size), sent)).toBe(0);
  }
});

test('a peer that has gone: what it had sent comes first, then the end; writing to it is refused without a signal', () => {
  const { client, server } = pair();
  sockets.send(client, text('last'));
  kernel.close(open.splice(open.indexOf(client), 1)[0] as number);
  const bytes = new Uint8Array(8);
  expect(received(server, bytes).count).toBe(4);
  expect(received(server, bytes)).toEqual({ count: 0, fds: [], truncated: false });
  expect(sockets.send(server, text('x'))).toBe(-Errno.EPIPE);
});

test('descriptors that nobody receives are closed with the connection', () => {
  const { client, server } = pair();
  const inner = pair2();
  expect(sockets.send(client, text('x'), [inner.server])).toBe(1);
  kernel.close(open.splice(open.indexOf(inner.server), 1)[0] as number);
  kernel.close(open.splice(open.indexOf(server), 1)[0] as number);
  expect(sockets.receive(inner.client, new Uint8Array(1))).toMatchObject({ count: 0 });
});

/** A second pair, on a path of its own. */
function pair2(): { client: Fd; server: Fd } {
  const other = join(directory, 'other');
  const listener = opened(sockets.listen(other, 1));
  return { client: opened(sockets.connect(other)), server: opened(sockets.accept(listener)) };
}
