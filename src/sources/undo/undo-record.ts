// The text of an undo log's file: written by us as root, so it is read as strictly as if somebody else had written it.

import type { ProcessIdentity } from '../../process/identity.ts';
import { isObject } from '../../text/is-object.ts';
import { JsonError, parseJson } from '../../text/json.ts';

export type UndoEntry =
  | {
      readonly kind: 'driver';
      /** Name on the PCI bus. */
      readonly address: string;
      /** The driver that it had; null: none. */
      readonly driver: string | null;
      /** What its driver_override said; null: nothing. */
      readonly override: string | null;
    }
  | {
      readonly kind: 'stopped';
      readonly pid: number;
      readonly startTime: number;
    };

export interface UndoRecord {
  readonly writer: ProcessIdentity;
  readonly entries: readonly UndoEntry[];
}

const FORMAT = 'iopftop-undo/1';

export const encodeRecord = ({ writer, entries }: UndoRecord): string =>
  `${JSON.stringify({ format: FORMAT, writer, entries }, null, 2)}\n`;

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
/** Part of a path in sysfs, and of what is written there. */
const isName = (value: unknown): value is string => typeof value === 'string' && /^[\w][\w.:-]*$/.test(value);
const isNameOrNull = (value: unknown): value is string | null => value === null || isName(value);

const isPid = (value: unknown): value is number => isCount(value) && value > 0 && value < 2 ** 31;

function entryOf(value: unknown): UndoEntry | null {
  if (!isObject(value)) return null;
  const { kind, address, driver, override, pid, startTime } = value;
  if (kind === 'driver' && isName(address) && isNameOrNull(driver) && isNameOrNull(override)) {
    return { kind, address, driver, override };
  }
  return kind === 'stopped' && isPid(pid) && isCount(startTime) ? { kind, pid, startTime } : null;
}

function writerOf(value: unknown): ProcessIdentity | null {
  if (!isObject(value)) return null;
  const { pid, startTime, bootId, pidNamespace } = value;
  if (!isPid(pid) || !isCount(startTime) || typeof bootId !== 'string') return null;
  if (pidNamespace === undefined) return { pid, startTime, bootId };
  return typeof pidNamespace === 'string' ? { pid, startTime, bootId, pidNamespace } : null;
}

/** The record, or why it is not one, as text. */
export function parseRecord(text: string): UndoRecord | string {
  let value: unknown;
  try {
    ({ value } = parseJson(text));
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    return 'it is torn, or was not written by iopftop (not JSON)';
  }
  if (!isObject(value) || value.format !== FORMAT) return `"format" must be "${FORMAT}"`;
  const writer = writerOf(value.writer);
  if (!writer) return 'it does not say which process wrote it';
  if (!Array.isArray(value.entries)) return 'it has no entries';
  const entries = value.entries.map(entryOf);
  const bad = entries.indexOf(null);
  return bad < 0 ? { writer, entries: entries as UndoEntry[] } : `entry ${bad + 1} is unknown`;
}
