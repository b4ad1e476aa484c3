// What the checks of one device look at.
import type { DeviceInfo } from '../../host/device-info.ts';
import { DeviceNotFound } from '../../host/find.ts';
import type { Finding as Judgement } from '../../host/verdict/finding.ts';
import { verdictOf } from '../../host/verdict.ts';
import { type Finding, fail, mend, pass, type Remedy, unknown } from '../check.ts';
import type { HostGround } from '../host/ground.ts';
import { Trial } from './trial.ts';

export interface DeviceGround extends HostGround {
  /** As it was asked for. */
  readonly name: string;
  readonly found: DeviceInfo | DeviceNotFound;
  /** What stands between it and its faults, as `iopftop devices` says it. */
  readonly judgements: readonly Judgement[];
  readonly trial: Trial;
}

export function deviceGround(host: HostGround, name: string, found: DeviceInfo | DeviceNotFound): DeviceGround {
  const judgements = found instanceof DeviceNotFound ? [] : verdictOf(found).findings;
  return { ...host, name, found, judgements, trial: new Trial(host.kernel) };
}

/** Of checks that come after `device.exists`. */
export function deviceOf({ found }: DeviceGround): DeviceInfo {
  if (found instanceof DeviceNotFound) throw found;
  return found;
}

const remedyOf = ({ command, kind }: Judgement): Remedy[] =>
  kind === 'note' || command === null ? [] : [mend(asRoot(command))];

/** Redirections into sysfs are the shell's, so that sudo has to be the shell's too. */
const asRoot = (command: string): string => `sudo sh -c '${command}'`;

/** The finding of the first of these judgements that holds; without any, what `otherwise` says. */
export function judged(
  { judgements }: DeviceGround,
  ids: readonly string[],
  otherwise: () => Finding,
  ...remedies: readonly Remedy[]
): Finding {
  const judgement = judgements.find(({ id }) => ids.includes(id));
  if (!judgement) return otherwise();
  const all = [...remedyOf(judgement), ...remedies];
  switch (judgement.kind) {
    case 'note':
      return pass(judgement.text, ...all);
    case 'unknown':
      return unknown(judgement.text, ...all);
    default:
      return fail(judgement.text, ...all);
  }
}
