import { type Hello, PROTOCOL, SPOKEN } from '../../protocol/messages.ts';
import { virtualTimeOf } from '../../sources/options.ts';
import type { Target } from '../../sources/target.ts';
import type { EngineOptions } from '../options.ts';

/** The first message of a run. */
export function helloOf(
  { info, handles }: Target,
  { target, readOnly, dryRun, onExit, rules }: EngineOptions,
  version: string,
  startedAt: string,
): Hello {
  const virtual = virtualTimeOf(target);
  return {
    type: 'hello',
    protocol: PROTOCOL,
    speaks: SPOKEN,
    version,
    target: info,
    readOnly,
    dryRun,
    onExit,
    rules,
    startedAt,
    virtualTime: virtual !== null,
    pauseAt: virtual?.pauseAtMs == null ? null : virtual.pauseAtMs / 1_000,
    ...(handles ? { handles } : {}),
  };
}
