// Wrong simulated kernels: sim with one small change each, of a kind that people make. A differential run that is worth
// something tells every one from the real kernel.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as esbuild from 'esbuild';
import { ROOT } from '../helpers/bin.ts';
import { isListed } from './not-reached.ts';

const SIM = join(ROOT, 'src/kernel/sim');

export interface Mutation {
  /** Below src/kernel/sim. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly from: string;
  readonly to: string;
}

/** What is changed, and into what. Loops stay as they are: one without an end tells nothing. */
const CHANGES: [pattern: RegExp, to: string][] = [
  [/\bErrno\.(?!EIO\b)E[A-Z0-9]+/g, 'Errno.EIO'],
  [/ === /g, ' !== '],
  [/ !== /g, ' === '],
  [/ && /g, ' || '],
  [/ \|\| /g, ' && '],
  [/ < /g, ' <= '],
  [/ > /g, ' >= '],
  [/ <= /g, ' < '],
  [/ >= /g, ' > '],
  [/\bif \(!(?=[\w#.]+\))/g, 'if ('],
  [/\busers\+\+/g, 'users'],
  [/\busers--/g, 'users'],
  [/\b(INVALID|SUCCESS)\b/g, 'OTHER'],
  // A call that is left out.
  [/^( +)(?!return\b|super\b)[\w.#?]+\([^=]*\);$/g, '$1void 0;'],
];
const LOOP = /\b(for|while)\b|\bmid\b/;
const NO_CODE = /^\s*(\/\/|\*|\/\*|import\b|export type\b|readonly\b|case\b)/;

const otherOf = (word: string): string => (word === 'INVALID' ? 'SUCCESS' : 'INVALID');

/** All of them, in the order of the sources. */
export function mutations(): Mutation[] {
  const found: Mutation[] = [];
  for (const file of readdirSync(SIM).filter((name) => name.endsWith('.ts'))) {
    for (const [at, text] of readFileSync(join(SIM, file), 'utf8').split('\n').entries()) {
      if (NO_CODE.test(text) || LOOP.test(text) || isListed(file, text.trim())) continue;
      for (const [pattern, to] of CHANGES) {
        for (const match of text.matchAll(pattern)) {
          const by = to === 'OTHER' ? otherOf(match[0]) : to.replace('$1', match[1] ?? '');
          const changed = text.slice(0, match.index) + by + text.slice(match.index + match[0].length);
          found.push({ file, line: at + 1, from: text.trim(), to: changed.trim() });
        }
      }
    }
  }
  return found;
}

/** SimKernel with that change, as a module at `outfile`. */
export async function buildMutant({ file, line, from, to }: Mutation, outfile: string): Promise<void> {
  await esbuild.build({
    absWorkingDir: ROOT,
    entryPoints: ['src/kernel/sim/sim.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    logLevel: 'silent',
    plugins: [
      {
        name: 'mutate',
        setup(build) {
          build.onLoad({ filter: /src\/kernel\/sim\/[\w-]+\.ts$/ }, ({ path }) => {
            if (path !== join(SIM, file)) return undefined;
            const lines = readFileSync(path, 'utf8').split('\n');
            lines[line - 1] = (lines[line - 1] as string).replace(from, () => to);
            return { contents: lines.join('\n'), loader: 'ts' };
          });
        },
      },
    ],
  });
}
