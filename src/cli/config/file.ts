// The configuration file: where it is, and its text.
import { constants, type Stats } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { homeDirectory } from '../../files/home.ts';
import { decodeUtf8 } from '../../text/utf8.ts';
import { DistrustedFile, readTrusted } from '../trusted-file.ts';
import { UsageError } from '../usage-error.ts';

const MOST_BYTES = 1_048_576;
// Does not wait for a FIFO that nobody writes to.
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK;
const OTHERWISE = 'give a TOML file, or --config none';

export interface ConfigText {
  file: string;
  text: string;
}

/**
 * $XDG_CONFIG_HOME/iopftop/config.toml, in ~/.config where that is not set or, against its specification, not absolute. Null:
 * there is no home directory either.
 */
export function defaultConfigFile(env: NodeJS.ProcessEnv, home = homeDirectory(env)): string | null {
  const { XDG_CONFIG_HOME: base } = env;
  const directory = base && isAbsolute(base) ? base : home === null ? null : join(home, '.config');
  return directory === null ? null : join(directory, 'iopftop', 'config.toml');
}

export interface FoundConfig {
  /** Null: there is no file, or none may be read. */
  text: ConfigText | null;
  /** Why the default file, which nobody named, is not used although it may exist; null: nothing to report. */
  notice: string | null;
}

/** The text of the file that `--config` names. Throws UsageError for one that cannot be used. */
export function readConfigText(file: string): ConfigText {
  try {
    return readFile(file);
  } catch (error) {
    throw refusal(file, error);
  }
}

/**
 * The text of the file that `--config` names, or of the default one. Throws UsageError for a named one that cannot be used,
 * and for a default one that is not text. A default one that cannot be examined, or is not ours, is ignored with a notice.
 */
export function findConfig(named: string | undefined, env: NodeJS.ProcessEnv): FoundConfig {
  if (named === 'none') return { text: null, notice: null };
  if (named !== undefined) return { text: readConfigText(named), notice: null };
  const file = defaultConfigFile(env);
  if (file === null) return { text: null, notice: null };
  try {
    return { text: readFile(file), notice: null };
  } catch (error) {
    if (isAbsent(error)) return { text: null, notice: null };
    // If others can write a file of ours, that is a mistake, and the file may have said read-only.
    if (error instanceof UsageError && !(error instanceof DistrustedFile && error.foreign)) throw error;
    return {
      text: null,
      notice: `${refusal(file, error).message}; the defaults are used (--config none reads no file)`,
    };
  }
}

function readFile(file: string): ConfigText {
  return {
    file,
    text: decode(
      file,
      readTrusted(file, file, FLAGS, (stat) => checkRegular(file, stat)),
    ),
  };
}

function isAbsent(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

function refusal(file: string, error: unknown): UsageError {
  if (error instanceof UsageError) return error;
  const { code } = error as NodeJS.ErrnoException;
  // A bug, not an error of the system
  if (code === undefined) throw error;
  const why = isAbsent(error) ? 'there is no such file' : `cannot be read (${code})`;
  return new UsageError(`${file}: ${why}`, OTHERWISE, error);
}

/** No pipe that never ends, and no file that fills the memory. */
function checkRegular(file: string, stat: Stats): void {
  if (stat.isDirectory()) throw new UsageError(`${file}: is a directory`, OTHERWISE);
  if (!stat.isFile()) throw new UsageError(`${file}: is not a regular file`, OTHERWISE);
  if (stat.size <= MOST_BYTES) return;
  throw new UsageError(`${file}: is larger than ${MOST_BYTES} bytes, so it is not a configuration file`, OTHERWISE);
}

function decode(file: string, bytes: Buffer): string {
  const text = decodeUtf8(bytes);
  if (typeof text === 'string') return text;
  throw new UsageError(`${file}:${text.line}:${text.column}: is not UTF-8`, 'save it as UTF-8');
}
