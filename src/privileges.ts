// Which runs drop root once everything is open, and to which user.

import type { SourceOptions } from './engine/options.ts';
import { refusalOf } from './kernel/kernel.ts';
import type { Identity } from './kernel/linux/privileges.ts';
import { joinLines } from './text/one-line.ts';

const NOBODY = 65_534;

/** Whether the run needs only open descriptors from then on. SECURITY.md says what other runs need root for. */
export function canGiveUpRoot(source: SourceOptions): boolean {
  return source.kind === 'selftest' || (source.kind === 'handed' && source.listen === null);
}

const idOf = (text: string | undefined): number => (/^[1-9]\d*$/.test(text ?? '') ? Number(text) : NOBODY);

/** The user who called sudo, or the user nobody. */
export const identityAfter = (env: NodeJS.ProcessEnv): Identity => ({
  uid: idOf(env.SUDO_UID),
  gid: idOf(env.SUDO_GID),
});

/** Drops root; returns a one-line message if that fails, or null. */
export type GiveUpRoot = () => string | null;

/**
 * What drops root, loaded while its files can still be read; for a run that is not root's, or that needs root, it does
 * nothing. `keep`: --keep-root.
 */
export async function rootToGiveUp(source: SourceOptions, keep: boolean): Promise<GiveUpRoot> {
  if (process.geteuid?.() !== 0 || keep || !canGiveUpRoot(source)) return () => null;
  const { becomeUser } = await import('./kernel/linux/linux.ts');
  return () => {
    const refused = refusalOf(() => becomeUser(identityAfter(process.env)));
    return (
      refused && joinLines(`root could not be dropped (${refused.operation}: ${refused.errnoName}); iopftop stays root`)
    );
  };
}
