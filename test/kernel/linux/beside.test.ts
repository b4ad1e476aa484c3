// A write that the kernel does not return from, on the kernel that runs the tests: into a FIFO that nobody reads.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, it, onTestFinished } from 'vitest';
import type { SlowWrite } from '../../../src/kernel/kernel.ts';
import { LinuxKernel } from '../../../src/kernel/linux/linux.ts';
import { Errno } from '../../../src/uapi/errno.ts';
import { ROOT } from '../../helpers/bin.ts';

const kernel = new LinuxKernel();

function directory(): string {
  const path = mkdtempSync('/tmp/iopftop-beside-');
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

function resultOf(write: SlowWrite): number {
  write.go();
  for (;;) {
    const result = write.result();
    if (result !== null) return result;
    kernel.poll([], 5);
  }
}

it('is done by a process of its own, and says what came of it', () => {
  const path = join(directory(), 'attribute');
  writeFileSync(path, 'before');
  expect(resultOf(kernel.writeBeside(path, 'after!'))).toBe(0);
  expect(readFileSync(path, 'utf8')).toBe('after!');
  expect(resultOf(kernel.writeBeside(`${path}/x`, ''))).toBe(-Errno.ENOTDIR);
  expect(resultOf(kernel.writeBeside(`${path}2`, 'x'))).toBe(-Errno.ENOENT);
});

it('blocks nobody here, says where it waits, and is done once it can be', () => {
  const path = join(directory(), 'unbind');
  execFileSync('mkfifo', [path]);
  const write = kernel.writeBeside(path, '0000:17:00.0');
  write.go();
  const { pid } = write;
  expect(pid).toBeGreaterThan(0);
  const wchan = (): string => readFileSync(`/proc/${pid}/wchan`, 'utf8');
  // Where it has come to is the scheduler's matter; what it waits for is the open of a FIFO (fifo_open, wait_for_partner).
  while (!/fifo_open|wait_for_partner/.test(wchan())) kernel.poll([], 5);
  expect(write.result()).toBeNull();
  expect(execFileSync('cat', [path], { encoding: 'utf8' })).toBe('0000:17:00.0');
  expect(resultOf(write)).toBe(0);
});

const openFds = (): number => readdirSync('/proc/self/fd').length;
/** It has left its program, whether or not its parent has taken note of it. */
const isGone = (pid: number | null): boolean =>
  !existsSync(`/proc/${pid}`) || / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/, ''));

it('stands ready before the word, writes nothing until then, and nothing at all where it is called off', () => {
  const path = join(directory(), 'attribute');
  writeFileSync(path, 'before');
  const fds = openFds();
  const write = kernel.writeBeside(path, 'after!');
  while (!write.isReady()) kernel.poll([], 5);
  // Ready is: it blocks for the word (anon_pipe_read, pipe_read).
  while (!/pipe_read/.test(readFileSync(`/proc/${write.pid}/wchan`, 'utf8'))) kernel.poll([], 5);
  expect([write.result(), readFileSync(path, 'utf8')]).toEqual([null, 'before']);
  write.cancel();
  while (!isGone(write.pid)) kernel.poll([], 5);
  write.go();
  expect([write.result(), readFileSync(path, 'utf8'), openFds()]).toEqual([null, 'before', fds]);
});

it('a parent that is killed before the word takes the write with it', async () => {
  const path = join(directory(), 'attribute');
  writeFileSync(path, 'before');
  const contents = `
    import { writeBeside } from './beside.ts';
    const write = writeBeside(${JSON.stringify(path)}, 'after!');
    while (!write.isReady());
    process.stdout.write(String(write.pid));
    setInterval(() => {}, 1_000_000);
  `;
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: join(ROOT, 'src/kernel/linux'), loader: 'ts' },
    bundle: true,
    platform: 'node',
    external: ['koffi'],
    write: false,
  });
  const parent = spawn(process.execPath, ['-e', outputFiles[0]?.text ?? ''], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [pid] = await once(parent.stdout, 'data');
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  while (!isGone(Number(pid))) kernel.poll([], 5);
  expect(readFileSync(path, 'utf8')).toBe('before');
});

it('leaves no descriptor behind, whatever became of it', () => {
  const path = join(directory(), 'attribute');
  writeFileSync(path, 'before');
  const fds = openFds();
  expect(resultOf(kernel.writeBeside(path, 'after!'))).toBe(0);
  expect(openFds()).toBe(fds);
  // spawn(2) itself refuses: an argument is longer than MAX_ARG_STRLEN.
  expect(resultOf(kernel.writeBeside(path, 'x'.repeat(1 << 20)))).toBe(-Errno.E2BIG);
  expect(openFds()).toBe(fds);
  const killed = kernel.writeBeside(path, 'late');
  process.kill(killed.pid ?? 0, 'SIGKILL');
  expect(resultOf(killed)).toBe(-Errno.EIO);
  expect([openFds(), readFileSync(path, 'utf8')]).toEqual([fds, 'after!']);
});
