// What the checks of one device read.
import type { DeviceInfo } from '../../host/device-info.ts';
import { DeviceNotFound } from '../../host/find.ts';
import type { Finding } from '../../host/verdict/finding.ts';
import { verdictOf } from '../../host/verdict.ts';
import { fail, fix, type Observation, pass, type Remedy, unknown } from '../check.ts';
import type { HostGround } from '../host/ground.ts';
import { Trial } from './trial.ts';

export interface DeviceGround extends HostGround {
  /** As it was asked for. */
  readonly name: string;
  readonly found: DeviceInfo | DeviceNotFound;
  /** What stands between it and its faults, as in `iopftop devices`. */
  readonly findings: readonly Finding[];
  readonly trial: Trial;
}

export function deviceGround(host: HostGround, name: string, found: DeviceInfo | DeviceNotFound): DeviceGround {
  const findings = found instanceof DeviceNotFound ? [] : verdictOf(found).findings;
  return { ...host, name, found, findings, trial: new Trial(host.kernel) };
}

/** For checks that come after `device.exists`. */
export function deviceOf({ found }: DeviceGround): DeviceInfo {
  if (found instanceof DeviceNotFound) throw found;
  return found;
}

const remedyOf = ({ command, kind }: Finding): Remedy[] =>
  kind === 'note' || command === null ? [] : [fix(asRoot(command))];

/** The shell does the redirection into sysfs, so sudo must run the shell. */
const asRoot = (command: string): string => `sudo sh -c '${command}'`;

/** The observation for the first of these findings that is present; `otherwise` if none is. */
export function judged(
  { findings }: DeviceGround,
  ids: readonly string[],
  otherwise: () => Observation,
  ...remedies: readonly Remedy[]
): Observation {
  const finding = findings.find(({ id }) => ids.includes(id));
  if (!finding) return otherwise();
  const all = [...remedyOf(finding), ...remedies];
  switch (finding.kind) {
    case 'note':
      return pass(finding.text, ...all);
    case 'unknown':
      return unknown(finding.text, ...all);
    default:
      return fail(finding.text, ...all);
  }
}
