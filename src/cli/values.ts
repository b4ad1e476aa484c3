// Values as people write them.

import type { IovaRange } from '../sources/options.ts';
import { DURATION_HINT, readDuration } from '../text/duration.ts';
import { didYouMean } from '../text/nearest.ts';
import type { Option } from './options.ts';
import { UsageError } from './usage-error.ts';

/** "500ms", "1.5s", "2m", "1h" in milliseconds. Throws UsageError; `what` names its place. */
export function parseDuration(text: string, what: string): number {
  const ms = readDuration(text);
  if (ms !== null) return ms;
  const withoutUnit = /^\d+(\.\d+)?$/.test(text.trim());
  throw new UsageError(
    `${what}: ${JSON.stringify(text)} is not a duration`,
    withoutUnit ? `did you mean ${text.trim()}s?` : DURATION_HINT,
  );
}

function parseNumber(text: string, { kind, min = -Infinity, max = Infinity }: Option, what: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  const whole = kind === 'integer';
  const wanted = `${whole ? 'a whole number' : 'a number'} from ${min} to ${max}`;
  if (!Number.isFinite(value) || (whole && !Number.isInteger(value)) || value < min || value > max) {
    throw new UsageError(`${what}: ${JSON.stringify(text)} cannot be used`, `give ${wanted}`);
  }
  return value;
}

const UNIT_BYTES: Record<string, bigint> = { '': 1n, k: 1n << 10n, m: 1n << 20n, g: 1n << 30n };
const NUMBER = /^(0x[0-9a-f]{1,16}|\d{1,19})([kmg]?)$/i;

function parseBytes(text: string): bigint | null {
  const [, digits, unit = ''] = NUMBER.exec(text) ?? [];
  return digits === undefined ? null : BigInt(digits) * UNIT_BYTES[unit.toLowerCase()]!;
}

const PAGE = 4_096n;

/** `0x10000000+2M`: bytes from there, whole pages. Throws UsageError. */
export function parseRange(text: string, what: string): IovaRange {
  const [start = '', size = '', rest] = text.split('+');
  const [iova, length] = [parseBytes(start), parseBytes(size)];
  const refuse = (why: string): never => {
    throw new UsageError(`${what}: ${JSON.stringify(text)} ${why}`, 'such as 0x10000000+2M');
  };
  if (iova === null || length === null || rest !== undefined) return refuse('is not START+LENGTH');
  if (iova % PAGE !== 0n || length % PAGE !== 0n) return refuse('does not begin and end at a page (4096 bytes)');
  if (length === 0n || iova + length > 1n << 64n) return refuse('is empty, or ends past the end of the address space');
  return { iova, length };
}

/** `7`, or `7:3` with the device id in the iommufd. Throws UsageError. */
export function parseDeviceFd(text: string, what: string): { fd: number; devId: number | null } {
  const [, fd, devId] = /^(\d{1,9})(?::(\d{1,9}))?$/.exec(text) ?? [];
  if (fd === undefined) {
    throw new UsageError(
      `${what}: ${JSON.stringify(text)} is not a descriptor`,
      'such as 7, or 7:3 with the device id',
    );
  }
  return { fd: Number(fd), devId: devId === undefined ? null : Number(devId) };
}

/** Bytes of sun_path, without the NUL at its end. */
const MOST_SOCKET_BYTES = 107;

/**
 * The path of a socket to listen at. Throws UsageError, also for an abstract name as systemd, ss and socat write it: such a
 * socket has no owner and no mode, so anyone in the network namespace could connect.
 */
export function parseSocketPath(text: string, what: string): string {
  const refuse = (why: string, hint: string): never => {
    throw new UsageError(`${what} ${text}: ${why}`, hint);
  };
  if (text.startsWith('@')) {
    const hint = `give a path; ./${text} is a file of that name`;
    return refuse('an abstract socket has no file mode, so anyone could connect', hint);
  }
  if (text.includes('\0')) return refuse('a path cannot contain NUL', 'give the path of a file');
  if (text.endsWith('/')) return refuse('a path that ends in / is a directory', 'give the name of the socket in it');
  const bytes = Buffer.byteLength(text);
  if (bytes <= MOST_SOCKET_BYTES) return text;
  return refuse(
    `has ${bytes} bytes, but a socket path has at most ${MOST_SOCKET_BYTES}`,
    'give a shorter one, or cd to its directory',
  );
}

function refuseKnown({ refused }: Option, text: string, what: string): void {
  if (refused === undefined || text === 'hint' || !Object.hasOwn(refused, text)) return;
  throw new UsageError(`${what} ${text}: ${refused[text]}`, refused.hint);
}

/** The text of an option as its value: a number (durations in milliseconds) or a string. `what` names it. Throws UsageError. */
export function parseValue(option: Option, text: string, what: string): string | number {
  switch (option.kind) {
    case 'duration':
      return parseDuration(text, what);
    case 'integer':
    case 'number':
      return parseNumber(text, option, what);
    case 'choice':
      if (option.choices?.includes(text)) return text;
      refuseKnown(option, text, what);
      throw new UsageError(`${what}: there is no ${JSON.stringify(text)}`, didYouMean(text, option.choices ?? []));
    default:
      return text;
  }
}
