// Boots the kernel for one command and carries the command's streams, signals and exit status.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeFrame, encodeJob, encodeWindow, FrameReader, FromGuest, ToGuest } from './frames.mjs';
import { InputPump } from './input.mjs';
import { KernelLog } from './kernel-log.mjs';
import { hostStreams } from './streams.mjs';

/** @typedef {ReturnType<typeof hostStreams>} Host */
/** @typedef {(type: string, payload?: Uint8Array) => void} Send */

/** @type {(keyof typeof constants.signals)[]} */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2'];
/** After this many SIGINT or SIGTERM the machine itself is ended. */
const PATIENCE = 3;
const MEGABYTE = 2 ** 20;

/**
 * The guest's memory is a file; on tmpfs it is fast. A container's /dev/shm is often far too small for it.
 *
 * @param {number} megabytes
 */
function memoryDirectory(megabytes) {
  try {
    const fs = statfsSync('/dev/shm');
    if (fs.bavail * fs.bsize > megabytes * MEGABYTE) return '/dev/shm';
  } catch {
    // No /dev/shm.
  }
  return tmpdir();
}

/** @param {{init: string, job: string, megabytes: number, directory: string, extra: string}} how */
function kernelArguments({ init, job, megabytes, directory, extra }) {
  return [
    `mem=${megabytes}M`,
    'root=/dev/root rootfstype=hostfs rootflags=/ rw',
    `init=${init} labjob=${job}`,
    'con=null con0=null,fd:1 ssl=null ssl0=fd:3',
    // Warnings too: a WARN() is one, and the lab looks for them.
    'loglevel=5 panic=-1 seccomp=auto',
    `uml_dir=${directory} umid=lab`,
    extra,
  ].flatMap((words) => words.split(' ').filter(Boolean));
}

/** The last CPU that this process may use. */
function oneCpu() {
  const [, list = '0'] = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return /\d+$/.exec(list)?.[0] ?? '0';
}

/**
 * Spawns the kernel in a session of its own (Ctrl-C is for the command), to die with this process.
 *
 * @param {string} linux @param {string[]} args @param {string} memory
 */
function spawnKernel(linux, args, memory) {
  /** @type {import('node:child_process').SpawnOptions} */
  const options = {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, HOME: process.env.HOME ?? '/', TMPDIR: memory },
  };
  // The kernel has one CPU and hands every system call from one process to another: where these are on two CPUs of the
  // host, each costs a wake-up across them, which took ten times as long on a virtual machine. Without setpriv the guest
  // still powers off when its line hangs up.
  const script = [
    `command -v taskset >/dev/null && set -- taskset -c ${oneCpu()} "$@"`,
    'command -v setpriv >/dev/null && set -- setpriv --pdeathsig KILL "$@"',
    'exec "$@"',
  ].join('; ');
  return spawn('/bin/sh', ['-c', script, 'lab', linux, ...args], options);
}

/** @param {number | undefined} pid */
function endGroup(pid) {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}

/**
 * Runs `command` in the lab and resolves with its exit status, what the kernel logged, and whether it ran at all.
 *
 * @param {{linux: string, init: string, command: string[], directory: string, env: Record<string, string>,
 *   megabytes?: number, kernelArgs?: string, streams?: Host}} options
 * @returns {Promise<{status: number | undefined, log: KernelLog}>} `status` is undefined where the kernel ended first
 */
export async function boot({ linux, init, command, directory, env, megabytes = 2048, kernelArgs = '', streams }) {
  const host = streams ?? hostStreams();
  const own = mkdtempSync(join(tmpdir(), 'iopftop-lab-'));
  const job = join(own, 'job');
  writeFileSync(job, encodeJob({ streams: host.modes, ...host.size(), directory, argv: command, env }));
  const args = kernelArguments({ init, job, megabytes, directory: own, extra: kernelArgs });
  const kernel = spawnKernel(linux, args, memoryDirectory(megabytes));
  const log = new KernelLog();
  const cleanUp = () => {
    endGroup(kernel.pid);
    rmSync(own, { recursive: true, force: true });
  };
  process.once('exit', cleanUp);
  kernel.stdout?.on('data', (bytes) => log.push(bytes));
  kernel.stderr?.on('data', (bytes) => log.push(bytes));
  const line = /** @type {import('node:net').Socket} The fourth 'pipe' of spawnKernel: both ways. */ (kernel.stdio[3]);
  line.on('error', () => {}); // it hangs up as the machine goes down
  try {
    const status = await converse({ line, host });
    line.destroy();
    await ended(kernel);
    return { status, log };
  } finally {
    host.restore();
    process.off('exit', cleanUp);
    cleanUp();
  }
}

/**
 * Resolves when the kernel's processes are gone; they are given two seconds to power off.
 *
 * @param {import('node:child_process').ChildProcess} kernel
 */
function ended(kernel) {
  if (kernel.exitCode !== null || kernel.signalCode !== null) return undefined;
  return new Promise((resolve) => {
    const timer = setTimeout(() => endGroup(kernel.pid), 2000);
    kernel.once('close', () => {
      clearTimeout(timer);
      resolve(undefined);
    });
  });
}

/**
 * The conversation over the line; resolves with the exit status, or undefined where the line ends before one came.
 *
 * @param {{line: import('node:net').Socket, host: Host}} ends
 * @returns {Promise<number | undefined>}
 */
function converse({ line, host }) {
  return new Promise((resolve) => {
    /** @type {Send} */
    const send = (type, payload) => line.writable && line.write(encodeFrame(type, payload));
    const input = new InputPump(host.input, send);
    const signals = forwardSignals(send, () => finish(undefined));
    const resized = () => {
      const { rows, columns } = host.size();
      send(ToGuest.WINDOW, encodeWindow(rows, columns));
    };
    /** @param {number} which */
    const closed = (which) => send(ToGuest.CLOSE, Uint8Array.of(which));
    /** @param {number | undefined} status */
    const finish = (status) => {
      signals.stop();
      input.stop();
      host.output?.off('resize', resized);
      resolve(status);
    };
    /** @type {Record<string, (bytes: Buffer) => void>} */
    const on = {
      [FromGuest.HELLO]: () => {
        host.start(closed);
        input.start();
        host.output?.on('resize', resized);
      },
      [FromGuest.STDOUT]: (bytes) => host.write(line, 1, bytes),
      [FromGuest.STDERR]: (bytes) => host.write(line, 2, bytes),
      [FromGuest.TERMINAL]: (bytes) => host.write(line, 0, bytes),
      [FromGuest.CREDIT]: (bytes) => input.credit(bytes.readUInt32LE(0)),
      [FromGuest.EXIT]: (bytes) => finish(bytes[0]),
    };
    const reader = new FrameReader((type, payload) => on[type]?.(payload));
    line.on('data', (bytes) => reader.push(bytes));
    line.once('close', () => finish(undefined));
  });
}

/** @param {Send} send @param {() => void} giveUp */
function forwardSignals(send, giveUp) {
  let asked = 0;
  const handlers = SIGNALS.map((name) => {
    const handler = () => {
      if ((name === 'SIGINT' || name === 'SIGTERM') && ++asked >= PATIENCE) giveUp();
      else send(ToGuest.SIGNAL, Uint8Array.of(constants.signals[name]));
    };
    process.on(name, handler);
    return { name, handler };
  });
  return {
    stop() {
      for (const { name, handler } of handlers) process.off(name, handler);
    },
  };
}
