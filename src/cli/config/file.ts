// The configuration file: where it is, and its text.
import { isUtf8 } from 'node:buffer';
import { constants, type Stats } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { readTrusted } from '../trusted-file.ts';
import { UsageError } from '../usage-error.ts';

const MOST_BYTES = 1_048_576;
// A FIFO that nobody writes to is not waited for.
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK;
const OTHERWISE = 'give a TOML file, or --config none';

export interface ConfigText {
  file: string;
  text: string;
}

/** $XDG_CONFIG_HOME/iopftop/config.toml, in ~/.config where that is not set or, against its specification, not absolute. */
export function defaultConfigFile(env: NodeJS.ProcessEnv): string {
  const { XDG_CONFIG_HOME: base, HOME: home } = env;
  const directory = base && isAbsolute(base) ? base : join(home || homedir(), '.config');
  return join(directory, 'iopftop', 'config.toml');
}

/**
 * The text of the file that `--config` names, or of the default one. Null for `none`, and where there is no default file.
 * Throws UsageError for a file that cannot be used.
 */
export function readConfigText(named: string | undefined, env: NodeJS.ProcessEnv): ConfigText | null {
  if (named === 'none') return null;
  const file = named ?? defaultConfigFile(env);
  try {
    const bytes = readTrusted(file, file, FLAGS, (stat) => checkRegular(file, stat));
    return { file, text: decode(file, bytes) };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    const absent = code === 'ENOENT' || code === 'ENOTDIR';
    if (absent && named === undefined) return null;
    throw new UsageError(`${file}: ${absent ? 'there is no such file' : `cannot be read (${code})`}`, OTHERWISE);
  }
}

/** Neither a pipe that never ends nor a file that fills the memory. */
function checkRegular(file: string, stat: Stats): void {
  if (stat.isDirectory()) throw new UsageError(`${file}: is a directory`, OTHERWISE);
  if (!stat.isFile()) throw new UsageError(`${file}: is no regular file`, OTHERWISE);
  if (stat.size <= MOST_BYTES) return;
  throw new UsageError(`${file}: is larger than ${MOST_BYTES} bytes, it cannot be a configuration`, OTHERWISE);
}

function decode(file: string, bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8').replace(/^\ufeff/, '');
  let line = 1;
  for (let from = 0; from < bytes.length; line++) {
    const end = bytes.indexOf(0x0a, from);
    const to = end < 0 ? bytes.length : end;
    if (!isUtf8(bytes.subarray(from, to))) break;
    from = to + 1;
  }
  throw new UsageError(`${file}:${line}: is not UTF-8`, 'TOML is; save the file so');
}
