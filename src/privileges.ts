// Which runs go on without root once everything is open, and as whom.

import type { SourceOptions } from './engine/options.ts';
import { refusalOf } from './kernel/kernel.ts';
import type { Identity } from './kernel/linux/privileges.ts';
import { joinLines } from './text/one-line.ts';

const NOBODY = 65_534;

/** Whether nothing but open descriptors is needed from then on. See SECURITY.md for what the others need root for. */
export function canGiveUpRoot(source: SourceOptions): boolean {
  return source.kind === 'selftest' || (source.kind === 'handed' && source.listen === null);
}

const idOf = (text: string | undefined): number => (/^[1-9]\d*$/.test(text ?? '') ? Number(text) : NOBODY);

/** Whoever called sudo, or nobody. */
export const identityAfter = (env: NodeJS.ProcessEnv): Identity => ({
  uid: idOf(env.SUDO_UID),
  gid: idOf(env.SUDO_GID),
});

/** Gives root up; returns what to say where that cannot be done, in one line, or null. */
export type GiveUpRoot = () => string | null;

/**
 * What gives it up, loaded while there are files that may be read; for a run that is not root's, or that needs root, it does
 * nothing. `keep`: --keep-root.
 */
export async function rootToGiveUp(source: SourceOptions, keep: boolean): Promise<GiveUpRoot> {
  if (process.geteuid?.() !== 0 || keep || !canGiveUpRoot(source)) return () => null;
  const { becomeUser } = await import('./kernel/linux/linux.ts');
  return () => {
    const refused = refusalOf(() => becomeUser(identityAfter(process.env)));
    return refused && joinLines(`root could not be given up (${refused.operation}: ${refused.errnoName}); it is kept`);
  };
}
