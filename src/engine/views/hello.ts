import { type Hello, PROTOCOL, SPOKEN } from '../../protocol/messages.ts';
import { virtualTimeOf } from '../../sources/options.ts';
import { abilitiesOf, type FaultSource } from '../../sources/source.ts';
import type { EngineOptions } from '../options.ts';

/** The first message of a run. */
export function helloOf(source: FaultSource, options: EngineOptions, version: string, startedAt: string): Hello {
  const virtual = virtualTimeOf(options.source);
  const { info, handles } = source;
  const abilities = abilitiesOf(source);
  const { readOnly, dryRun, onExit, rules } = options;
  return {
    type: 'hello',
    protocol: PROTOCOL,
    speaks: SPOKEN,
    version,
    target: { ...info, ...(abilities.trigger ? { triggers: true } : {}) },
    abilities,
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
