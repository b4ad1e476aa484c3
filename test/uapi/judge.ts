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

export function source(probes: readonly Probe[]): string {
  const line = ({ c }: Probe) => `\tprintf("%lld\\n", (long long)(${c}));`;
  return [
    '#include <errno.h>',
    '#include <stddef.h>',
    '#include <stdio.h>',
    '#include <sys/ioctl.h>',
    '#include <linux/vfio.h>',
    '#include "iommufd_test.h"',
    '#define member_size(type, member) sizeof(((type *)0)->member)',
    'int main(void)\n{',
    ...probes.map(line),
    '\treturn 0;\n}\n',
  ].join('\n');
}

/** What the compiler says each probe is worth. Throws with its words where one does not compile. */
export function judge(include: string, probes: readonly Probe[]): bigint[] {
  const directory = mkdtempSync(join(tmpdir(), 'iopftop-uapi-'));
  try {
    const [c, program] = [join(directory, 'probe.c'), join(directory, 'probe')];
    writeFileSync(c, source(probes));
    const flags = ['-I', join(include, 'include'), '-I', include, '-o', program, c];
    const compiled = spawnSync('gcc', flags, { encoding: 'utf8' });
    if (compiled.status !== 0) throw new Error(compiled.stderr);
    const { stdout } = spawnSync(program, { encoding: 'utf8' });
    return stdout.trim().split('\n').map(BigInt);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
