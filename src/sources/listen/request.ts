// Requests of clients of the handover socket: one JSON object per message. Every mistake in it gets a message.
import { isObject } from '../../text/is-object.ts';
import { JsonError, parseJson } from '../../text/json.ts';
import { didYouMean } from '../../text/nearest.ts';
import { joinLines } from '../../text/one-line.ts';
import { Refusal } from '../../text/refusal.ts';
import { decodeUtf8 } from '../../text/utf8.ts';

export const HANDOVER_VERSION = 1;
const VERSION_KEY = 'iopftop-handover';
const MOST_NAME = 64;
const MOST_ID = 0xffff_ffff;

/** `fd`: a position in the list of descriptors that came with the message. */
export interface QueueRequest {
  readonly fd: number;
  readonly faultId: number | null;
}

export interface DeviceRequest {
  readonly fd: number;
  readonly devId: number;
  readonly name: string | null;
  readonly hwptId: number | null;
  readonly ioasId: number | null;
}

export interface HandoverRequest {
  readonly queues: readonly QueueRequest[];
  readonly iommufd: number | null;
  readonly devices: readonly DeviceRequest[];
}

export type Request =
  | ({ readonly cmd: 'hello'; readonly name: string } & HandoverRequest)
  | ({ readonly cmd: 'add' } & HandoverRequest)
  | { readonly cmd: 'release'; readonly queue: number }
  | { readonly cmd: 'status' };

/** A message that cannot be used; the text is sent to the client. */
export class RequestError extends Refusal {
  constructor(message: string, hint: string) {
    super('usage', message, hint);
  }
}

type Json = Record<string, unknown>;

const SHAPE = `the first message must be {"${VERSION_KEY}": ${HANDOVER_VERSION}, "name": "qemu", "queues": [{"fd": 0}]}, fd counting from 0`;

const wrong = (message: string, hint = SHAPE): never => {
  throw new RequestError(message, hint);
};

function checkKeys(value: Json, known: readonly string[], where: string): void {
  for (const key of Object.keys(value)) {
    if (!known.includes(key)) wrong(`${where}unknown key ${JSON.stringify(shorten(key))}`, didYouMean(key, known));
  }
}

const shorten = (text: string): string => joinLines(text.length > MOST_NAME ? `${text.slice(0, MOST_NAME)}...` : text);

function integer(value: unknown, what: string, least: number, most: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  return wrong(`${what} must be a whole number from ${least} to ${most}`);
}

/** An id of the kernel; null where it is left out. */
const idOrNull = (value: unknown, what: string): number | null =>
  value === undefined || value === null ? null : integer(value, what, 1, MOST_ID);

function nameOf(value: unknown, what: string): string {
  const name = typeof value === 'string' ? joinLines(value).trim() : '';
  if (name === '' || name.length > MOST_NAME) return wrong(`${what} must be a string of 1 to ${MOST_NAME} characters`);
  return name;
}

function listOf(value: unknown, what: string): Json[] {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.every(isObject)) return value;
  return wrong(`${what} must be a list of objects`);
}

/** Positions of descriptors: the message must name each one that came exactly once. */
class Positions {
  readonly #count: number;
  readonly #seen = new Set<number>();

  constructor(count: number) {
    this.#count = count;
  }

  take(value: unknown, what: string): number {
    if (this.#count === 0) return wrong(`${what}: no descriptors came with the message`, 'attach them with SCM_RIGHTS');
    const position = integer(value, what, 0, this.#count - 1);
    if (this.#seen.has(position)) return wrong(`${what}: descriptor ${position} is named twice`);
    this.#seen.add(position);
    return position;
  }

  checkAllTaken(): void {
    const left = Array.from({ length: this.#count }, (_, i) => i).find((i) => !this.#seen.has(i));
    if (left !== undefined) wrong(`descriptor ${left} came with the message, but is not named in it`);
  }
}

function handoverOf(message: Json, positions: Positions): HandoverRequest {
  const queues = listOf(message.queues, 'queues').map((queue, i): QueueRequest => {
    checkKeys(queue, ['fd', 'faultId'], `queues[${i}]: `);
    const fd = positions.take(queue.fd, `queues[${i}].fd`);
    return { fd, faultId: idOrNull(queue.faultId, `queues[${i}].faultId`) };
  });
  const { iommufd } = message;
  const at = iommufd === undefined || iommufd === null ? null : positions.take(iommufd, 'iommufd');
  const devices = listOf(message.devices, 'devices').map((device, i) => deviceOf(device, `devices[${i}]`, positions));
  return { queues, iommufd: at, devices };
}

function deviceOf(device: Json, where: string, positions: Positions): DeviceRequest {
  checkKeys(device, ['fd', 'devId', 'name', 'hwptId', 'ioasId'], `${where}: `);
  return {
    fd: positions.take(device.fd, `${where}.fd`),
    devId: integer(device.devId, `${where}.devId`, 1, MOST_ID),
    name: device.name === undefined ? null : nameOf(device.name, `${where}.name`),
    hwptId: idOrNull(device.hwptId, `${where}.hwptId`),
    ioasId: idOrNull(device.ioasId, `${where}.ioasId`),
  };
}

function messageOf(bytes: Uint8Array): Json {
  const text = decodeUtf8(bytes);
  if (typeof text !== 'string') {
    return wrong(`the message is not UTF-8 from line ${text.line}, column ${text.column} on`, 'JSON is UTF-8');
  }
  let value: unknown;
  try {
    ({ value } = parseJson(text));
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    const { line, column, message } = error;
    return wrong(
      `the message is not JSON: line ${line}, column ${column}: ${joinLines(message)}`,
      'each message must be one JSON object',
    );
  }
  return isObject(value) ? value : wrong('the message is not a JSON object', 'each message must be one JSON object');
}

function bodyOf(message: Json, positions: Positions): Request {
  if (VERSION_KEY in message) {
    const version = message[VERSION_KEY];
    if (version !== HANDOVER_VERSION) {
      wrong(`${VERSION_KEY} must be ${HANDOVER_VERSION}, got ${shorten(JSON.stringify(version))}`);
    }
    checkKeys(message, [VERSION_KEY, 'name', 'queues', 'iommufd', 'devices'], '');
    return { cmd: 'hello', name: nameOf(message.name, 'name'), ...handoverOf(message, positions) };
  }
  switch (message.cmd) {
    case 'add':
      checkKeys(message, ['cmd', 'queues', 'iommufd', 'devices'], '');
      return { cmd: 'add', ...handoverOf(message, positions) };
    case 'release':
      checkKeys(message, ['cmd', 'queue'], '');
      return { cmd: 'release', queue: integer(message.queue, 'queue', 0, MOST_ID) };
    case 'status':
      checkKeys(message, ['cmd'], '');
      return { cmd: 'status' };
    case undefined:
      return wrong(
        `the message has neither ${VERSION_KEY} nor cmd`,
        `the first message must be {"${VERSION_KEY}":${HANDOVER_VERSION}, ...}`,
      );
    default:
      return wrong(`unknown cmd ${shorten(JSON.stringify(message.cmd))}`, 'cmd: add, release or status');
  }
}

/** `fdCount`: how many descriptors came with it. Throws RequestError. */
export function parseRequest(bytes: Uint8Array, fdCount: number): Request {
  const positions = new Positions(fdCount);
  const request = bodyOf(messageOf(bytes), positions);
  positions.checkAllTaken();
  if (request.cmd === 'hello' && request.queues.length === 0) wrong('no queue was handed over', 'queues: [{"fd": 0}]');
  if (request.cmd === 'add' && fdCount === 0) wrong('nothing to add', 'pass queues, iommufd or devices');
  return request;
}
