// docs/doctor.md, from the tables of checks.
import type { CheckGroup } from '../../doctor/check.ts';
import { deviceChecks } from '../../doctor/device/index.ts';
import { DEVICES } from '../../doctor/host/devices.ts';
import { HOST_CHECKS } from '../../doctor/host/index.ts';

const HEAD = `# iopftop doctor

Generated from the checks in \`src/doctor/\` by the build.

\`iopftop doctor\` checks the host, \`iopftop doctor DEVICE\` also one device, link by link in the order in which a fault
needs them. Each check passes, fails, is unknown, or is skipped because an earlier link failed or it does not apply here. A
failed check says why it matters and gives the command that fixes it (\`fix\`) or shows more (\`look\`). It works without
root as far as it can, and says what it could not see.

If a VFIO driver has DEVICE and nobody has it open, the last step is a trial: everything a run does up to the attach, undone
at once. **Binding resets the device**: \`--no-trial\` skips the trial. Nothing else changes anything.

| exit code | |
|---|---|
| 0 | every required check passed |
| 1 | a required check failed |
| 2 | an argument is wrong |
| 5 | none failed, but a required check was inconclusive, and the trial did not settle it |

\`--json\` prints one object on a line: \`schema/iopftop-doctor-1.schema.json\`. The ids below do not change.

\`--backend mock\` checks a simulated machine that has devices of every kind: \`iopftop devices --backend mock\` lists them.
`;

const row = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

function section<G>(title: string, groups: readonly CheckGroup<G>[]): string[] {
  const rows = groups.flatMap(({ checks }) =>
    checks.map(({ id, title, why, required }) => row([`\`${id}\``, title, required ? why : `${why} (not required)`])),
  );
  return ['', `## ${title}`, '', row(['Check', 'What', 'Why']), row(['---', '---', '---']), ...rows];
}

export const doctorPage = (): string =>
  [
    HEAD.trimEnd(),
    ...section('The host', HOST_CHECKS),
    ...section('Its devices', [DEVICES]),
    ...section('One device', deviceChecks(true)),
    '',
  ].join('\n');
