// What must be undone if this process dies before it can do so itself: drivers that devices were taken from, processes that
// were stopped. Written before each change and removed after it is undone; one file for each iopftop that runs.

import type { Files } from '../../kernel/files.ts';
import { KernelRefusal } from '../../kernel/kernel.ts';
import { bootId, type ProcessIdentity, processIdentity, sameProcess } from '../../process/identity.ts';
import { ownNumber, pidNamespace } from '../../process/namespace.ts';
import { Refusal } from '../../text/refusal.ts';
import { Errno, errnoName } from '../../uapi/errno.ts';
import { encodeRecord, parseRecord, type UndoEntry, type UndoRecord } from './undo-record.ts';

export type { UndoEntry, UndoRecord };

/** Where the files are: a directory of its owner's alone. */
export interface UndoPlace {
  readonly directory: string;
  readonly uid: number;
}

/** /run/iopftop for root, else $XDG_RUNTIME_DIR/iopftop, else a directory in /tmp with the user's number. */
export function undoPlace(uid: number, runtimeDirectory: string | undefined): UndoPlace {
  if (uid === 0) return { directory: '/run/iopftop', uid };
  if (runtimeDirectory?.startsWith('/')) return { directory: `${runtimeDirectory}/iopftop`, uid };
  return { directory: `/tmp/iopftop-${uid}`, uid };
}

/** That of this process. */
export const ownUndoPlace = (): UndoPlace => undoPlace(process.geteuid?.() ?? 0, process.env.XDG_RUNTIME_DIR);

const octal = (mode: number): string => mode.toString(8).padStart(4, '0');

/** False: it is not there. Throws Refusal where it is not ours alone. */
function checkDirectory(files: Files, { directory, uid }: UndoPlace): boolean {
  let status: ReturnType<Files['status']>;
  try {
    status = files.status(directory);
  } catch (error) {
    if (error instanceof KernelRefusal && error.errno === Errno.ENOENT) return false;
    throw error;
  }
  const wrong =
    status.kind !== 'directory'
      ? `is a ${status.kind}, not a directory`
      : status.uid !== uid
        ? `belongs to user ${status.uid}`
        : status.mode !== 0o700
          ? `has mode ${octal(status.mode)}`
          : null;
  if (wrong === null) return true;
  throw new Refusal(
    'refused',
    `${directory} ${wrong}: the undo log cannot be kept there`,
    `it must be a directory owned by user ${uid} with mode 0700; check who created it, then remove it`,
  );
}

/** What this process has to undo. Each process has one such file at most, and one log that writes it. */
export class UndoLog {
  readonly #files: Files;
  readonly #place: UndoPlace;
  readonly #self: ProcessIdentity;
  readonly #entries: UndoEntry[] = [];

  constructor(files: Files, self: ProcessIdentity, place: UndoPlace) {
    this.#files = files;
    this.#self = self;
    this.#place = place;
  }

  get path(): string {
    return `${this.#place.directory}/${this.#self.pid}-${this.#self.startTime}.json`;
  }

  /**
   * Records the entry; make the change afterwards. Returns what to call once it is undone. Throws Refusal, and then
   * nothing is recorded and the change must not be made.
   */
  add(entry: UndoEntry): () => void {
    const { directory } = this.#place;
    const there = checkDirectory(this.#files, this.#place);
    this.#entries.push(entry);
    try {
      if (!there) this.#files.makeDirectory(directory, 0o700);
      this.#write();
    } catch (error) {
      this.#entries.pop();
      if (!(error instanceof KernelRefusal)) throw error;
      const name = errnoName(error.errno);
      throw new Refusal(
        'refused',
        `cannot write ${this.path} (${name}): nothing was changed`,
        'what must be undone after a crash must be recorded first',
      );
    }
    return () => this.#done(entry);
  }

  #done(entry: UndoEntry): void {
    const index = this.#entries.indexOf(entry);
    if (index < 0) return;
    this.#entries.splice(index, 1);
    if (this.#entries.length > 0) this.#write();
    else this.#files.remove(this.path);
  }

  #write(): void {
    this.#files.replace(this.path, encodeRecord({ writer: this.#self, entries: this.#entries }));
  }
}

/** This process's log. Throws Refusal if /proc does not say who we are. */
export function openUndoLog(files: Files, place = ownUndoPlace(), pid = process.pid): UndoLog {
  const self = processIdentity(files, ownNumber(files, pid));
  const namespace = pidNamespace(files, pid);
  if (self) return new UndoLog(files, namespace === null ? self : { ...self, pidNamespace: namespace }, place);
  throw new Refusal('refused', `cannot read /proc/${pid}, so nothing could be undone after a crash`);
}

/** A file whose writer is gone. */
export interface AbandonedRecord extends UndoRecord {
  readonly path: string;
}

/**
 * What other runs have left undone: the records whose writer is gone. Those of another boot, or of a kernel that shares our
 * files, are of no concern here. Changes nothing. Throws Refusal naming the file that is torn, or not ours.
 */
export function abandonedRecords(files: Files, place: UndoPlace): AbandonedRecord[] {
  return recordsOfThisBoot(files, place)
    .filter((record) => !isForeign(files, record))
    .filter(({ writer }) => !sameProcess(writer, processIdentity(files, writer.pid)));
}

/**
 * Those whose numbers are of another PID namespace (a container that shares the directory): nothing about them can be known here.
 */
export const foreignRecords = (files: Files, place: UndoPlace): AbandonedRecord[] =>
  recordsOfThisBoot(files, place).filter((record) => isForeign(files, record));

function isForeign(files: Files, { writer }: UndoRecord): boolean {
  return writer.pidNamespace !== undefined && writer.pidNamespace !== pidNamespace(files, process.pid);
}

function recordsOfThisBoot(files: Files, place: UndoPlace): AbandonedRecord[] {
  if (!checkDirectory(files, place)) return [];
  return files
    .list(place.directory)
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => unlessGone(() => readRecord(files, `${place.directory}/${name}`, place.uid)) ?? [])
    .filter(({ writer }) => writer.bootId === bootId(files));
}

function readRecord(files: Files, path: string, uid: number): AbandonedRecord {
  const { kind, uid: owner, mode } = files.status(path);
  if (kind !== 'file' || owner !== uid || (mode & 0o022) !== 0)
    throw foreign(path, 'it is not a file of this user alone');
  const record = parseRecord(new TextDecoder().decode(files.read(path)));
  if (typeof record === 'string') throw foreign(path, record);
  return { ...record, path };
}

/** Keeps these entries of a record, whose others are undone; without any the file goes. */
export function keepEntries(files: Files, { path, writer }: AbandonedRecord, entries: readonly UndoEntry[]): void {
  if (entries.length > 0) files.replace(path, encodeRecord({ writer, entries }));
  else unlessGone(() => files.remove(path));
}

/** null where the file is not there any more: another one that starts undoes the same. */
function unlessGone<T>(call: () => T): T | null {
  try {
    return call();
  } catch (error) {
    if (error instanceof KernelRefusal && error.errno === Errno.ENOENT) return null;
    throw error;
  }
}

const foreign = (path: string, why: string): Refusal =>
  new Refusal(
    'refused',
    `cannot use ${path}: ${why}; nothing was done`,
    'it lists what an iopftop that died left behind: read it, undo that by hand, then remove the file',
  );
