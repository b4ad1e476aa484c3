// The JSON Schema of `iopftop doctor --json`; schema/iopftop-doctor-1.schema.json is written from it by the build.
import { CHECK_STATES } from '../../doctor/check.ts';
import { FORMAT } from '../../doctor/report.ts';
import {
  bool,
  described,
  int,
  list,
  object,
  oneOf,
  orNull,
  type Schema,
  text,
  the,
} from '../../protocol/schema-parts.ts';

const remedy = object({
  kind: described('mend: it fixes the link; look: it shows more', oneOf('mend', 'look')),
  command: described('for a shell; null: no command does it', orNull(text)),
  note: described('a note on the command, or in place of one', orNull(text)),
});

const check = object({
  id: described('stable', text),
  group: text,
  title: text,
  state: described('skipped: an earlier link failed (`because`), or it does not apply here', oneOf(...CHECK_STATES)),
  required: described('without it no fault arrives; others change neither `result` nor the exit code', bool),
  seen: text,
  why: described('why it matters', text),
  remedies: list(remedy),
  because: described('for a skipped check, the id of the check that failed; null: none did', orNull(text)),
});

const device = object({
  address: text,
  name: described('as pci.ids has it', orNull(text)),
  driver: orNull(text),
  outcome: oneOf('ready', 'needs', 'cannot', 'unknown'),
  why: described('the first obstacle', orNull(text)),
});

const SCHEMA: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: '`iopftop doctor --json`',
  description: 'Every link from the kernel to the first fault, in the order of the chain.',
  ...object({
    format: the(FORMAT),
    mock: described('the machine is simulated', bool),
    kernel: described('as uname -r says it', text),
    device: described('as it was asked for; null: the host only', orNull(text)),
    result: described('exit code 0, 1, 5', oneOf('pass', 'fail', 'unknown')),
    firstFailed: described('id of the first required check that failed', orNull(text)),
    counts: object({ pass: int, fail: int, unknown: int, skipped: int }),
    checks: list(check),
    devices: described('null: a device was asked for', orNull(list(device))),
  }),
};

export const doctorSchemaText = (): string => `${JSON.stringify(SCHEMA, null, 2)}\n`;
