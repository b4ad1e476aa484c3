// The `#!` line of a script, as the kernel reads it (fs/binfmt_script.c: load_script), and what env(1) makes of the rest.

/** BINPRM_BUF_SIZE: what the kernel reads of a file. */
export const HEAD_BYTES = 256;

export interface Shebang {
  readonly interpreter: string;
  /** The rest of the line, as one word; null: there is none. */
  readonly argument: string | null;
}

/** `head`: the first HEAD_BYTES bytes of the file. null: it is not a script for the kernel (ENOEXEC). */
export function shebangOf(head: Buffer): Shebang | null {
  // The kernel's buffer is filled up with zeros.
  const text = head.subarray(0, HEAD_BYTES).toString('latin1').padEnd(HEAD_BYTES, '\0');
  if (!text.startsWith('#!')) return null;
  const newline = text.indexOf('\n');
  const rest = text.slice(2, newline < 0 ? HEAD_BYTES - 1 : newline);
  // An interpreter path that may continue beyond the buffer.
  if (newline < 0 && !/^[ \t]*[^ \t\0]*[ \t\0]/.test(rest)) return null;
  const line = (rest.split('\0')[0] as string).replace(/[ \t]+$/, '').replace(/^[ \t]+/, '');
  const [, interpreter = '', argument = ''] = /^([^ \t]*)[ \t]*([\s\S]*)$/.exec(line) ?? [];
  const bytes = (word: string): string => Buffer.from(word, 'latin1').toString();
  return interpreter === ''
    ? null
    : { interpreter: bytes(interpreter), argument: argument === '' ? null : bytes(argument) };
}

/**
 * The program that `env` looks for in $PATH; null: none, or the line has more than is supported here. Without -S it is the
 * whole of the argument, spaces and all, as the kernel hands it over.
 */
export function programOfEnv(argument: string | null): string | null {
  if (argument === null) return null;
  const split = /^(?:-v?S ?|--split-string[= ])([\s\S]*)$/.exec(argument)?.[1];
  if (split === undefined) return /^-|=/.test(argument) ? null : argument;
  if (/["'\\$#]/.test(split)) return null;
  // Carriage returns are white space to env -S.
  const words = split.split(/[ \t\r\n\v\f]+/).filter((word) => word !== '');
  const program = words.find((word) => !/^-?$|^-i$|^--ignore-environment$|^-v$|^[A-Za-z_]\w*=/.test(word));
  if (program === undefined || program.startsWith('-') || words.some((word) => word.startsWith('PATH='))) return null;
  return program;
}
