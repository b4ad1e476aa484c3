// The outside judge: a C program, compiled against the headers of the lab's kernel, that prints what each probe is worth.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Probe } from './probes.ts';

const LAB = fileURLToPath(new URL('../../lab/lab.mjs', import.meta.url));

/** Folder of the lab's kernel headers, or why there are none. */
export function headers(): { readonly include: string } | { readonly missing: string } {
  const include = spawnSync(process.execPath, [LAB, '--headers'], { encoding: 'utf8' }).stdout.trim();
  if (!existsSync(join(include, 'include/linux/iommufd.h'))) {
    return { missing: 'the lab has no kernel headers yet: run `npm run lab -- --build`' };
  }
  if (spawnSync('gcc', ['--version']).status !== 0) return { missing: 'there is no gcc' };
  return { include };
}

const KERNEL_HEADERS = ['errno.h', 'stddef.h', 'sys/ioctl.h', 'linux/vfio.h'];

export function source(probes: readonly Probe[], includes: readonly string[], own = ''): string {
  const line = ({ c }: Probe) => `\tprintf("%lld\\n", (long long)(${c}));`;
  return [
    '#define _GNU_SOURCE',
    '#include <stdio.h>',
    ...includes.map((name) => `#include <${name}>`),
    own,
    '#define member_size(type, member) sizeof(((type *)0)->member)',
    'int main(void)\n{',
    ...probes.map(line),
    '\treturn 0;\n}\n',
  ].join('\n');
}

/** What the compiler says each probe is worth. Throws with its words where one does not compile. */
export function judge(include: string, probes: readonly Probe[]): bigint[] {
  const flags = ['-I', join(include, 'include'), '-I', include];
  return compileAndRun(source(probes, KERNEL_HEADERS, '#include "iommufd_test.h"'), flags);
}

/** The same by the C library's headers. */
export const judgeLibc = (includes: readonly string[], probes: readonly Probe[]): bigint[] =>
  compileAndRun(source(probes, includes), []);

function compileAndRun(text: string, more: readonly string[]): bigint[] {
  const directory = mkdtempSync(join(tmpdir(), 'iopftop-uapi-'));
  try {
    const [c, program] = [join(directory, 'probe.c'), join(directory, 'probe')];
    writeFileSync(c, text);
    const compiled = spawnSync('gcc', [...more, '-o', program, c], { encoding: 'utf8' });
    if (compiled.status !== 0) throw new Error(compiled.stderr);
    const { stdout } = spawnSync(program, { encoding: 'utf8' });
    return stdout.trim().split('\n').map(BigInt);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
