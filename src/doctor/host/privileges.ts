// What this user may do, and the walls around this process.
import { type CheckGroup, check, fail, look, mend, type Observation, pass, unknown } from '../check.ts';
import { type CapabilityName, containerHint } from '../facts/credentials.ts';
import type { HostGround } from './ground.ts';

const AS_ROOT = 'run iopftop as root';

const bytesText = (bytes: number): string =>
  bytes >= 1 << 20 ? `${Math.floor(bytes / (1 << 20))} MiB` : `${Math.floor(bytes / 1024)} KiB`;

/** What systems without systemd allow is 64 KiB; with it, it is 8 MiB. */
const LITTLE = 1 << 20;

/** iopt_alloc_pages(): what is pinned for a user without CAP_IPC_LOCK counts against RLIMIT_MEMLOCK. */
function memlock({ credentials }: HostGround): Observation {
  if (credentials.has('IPC_LOCK') && !credentials.userNamespace) return pass('no limit: this process has CAP_IPC_LOCK');
  const limit = credentials.memlock;
  if (limit === null) return unknown('the limit cannot be read', look('ulimit -l'));
  if (limit.soft === Number.POSITIVE_INFINITY) return pass('no limit');
  const raise =
    limit.hard > limit.soft
      ? mend('ulimit -l hard', 'in the shell that starts iopftop')
      : mend('sudo prlimit --pid $$ --memlock=unlimited:unlimited', 'in the shell that starts iopftop');
  if (limit.soft === 0) return fail('0: no page can be mapped', raise);
  const seen = `${bytesText(limit.soft)}: to map more is refused (ENOMEM)`;
  return limit.soft < LITTLE ? unknown(`${seen}, and that is little`, raise) : pass(seen, raise);
}

function capability(name: CapabilityName, without: string) {
  return ({ credentials }: HostGround): Observation => {
    const has = credentials.has(name);
    if (has === null) return unknown('the capabilities of this process cannot be read');
    if (has && credentials.userNamespace)
      return unknown('it has it in a user namespace, which the host does not honour');
    return has ? pass('this process has it') : fail(without, mend(null, AS_ROOT));
  };
}

const YAMA = '/proc/sys/kernel/yama/ptrace_scope';

/** yama_ptrace_access_check() */
function ptraceScope({ reading, credentials }: HostGround): Observation {
  const scope = reading.text(YAMA, "Yama's ptrace_scope");
  const can = credentials.has('SYS_PTRACE');
  if (scope === null) return pass("Yama is not there, and in nobody's way");
  if (scope === '0') return pass('0: what ptrace permits is permitted');
  if (scope === '3') return fail('3: nobody may, until the next boot', look(`cat ${YAMA}`));
  if (can) return pass(`${scope}: it takes CAP_SYS_PTRACE, which this process has`);
  return fail(
    `${scope}: only CAP_SYS_PTRACE lets one process into another that is not its child`,
    mend(scope === '1' ? 'sudo sysctl kernel.yama.ptrace_scope=0' : null, `or ${AS_ROOT}`),
  );
}

function sandbox({ credentials, reading }: HostGround): Observation {
  const hint = containerHint(reading);
  const signs = [
    ...(credentials.seccomp ? ['a seccomp filter is in force'] : []),
    ...(credentials.userNamespace ? ['a user namespace of its own'] : []),
    ...(hint ? [`${hint} is there`] : []),
  ];
  if (signs.length === 0) return pass('no seccomp filter, no container');
  return unknown(
    `${signs.join(', ')}: system calls and devices may be kept from this process`,
    look(
      'grep -e Seccomp -e NoNewPrivs /proc/self/status',
      'if something is refused here, try it outside the container',
    ),
  );
}

export const PRIVILEGES: CheckGroup<HostGround> = {
  name: 'privileges',
  checks: [
    check(
      'privileges.memlock',
      'RLIMIT_MEMLOCK',
      'memory that is mapped for a device is pinned, which this limits',
      memlock,
    ),
    check(
      'privileges.sys-admin',
      'CAP_SYS_ADMIN',
      'ATS, PASID and PRI are read from the configuration space beyond its first 64 bytes',
      capability('SYS_ADMIN', 'not: what a PCI device can do stays unknown'),
      { required: false },
    ),
    check(
      'privileges.sys-ptrace',
      'CAP_SYS_PTRACE',
      "the queues of other users' processes are reached by it (--pid, rescue)",
      capability('SYS_PTRACE', 'not: only processes of this user can be reached'),
      { required: false },
    ),
    check(
      'privileges.yama',
      'Yama ptrace_scope',
      'it decides who may take descriptors of another process',
      ptraceScope,
      {
        required: false,
      },
    ),
    check('privileges.sandbox', 'no sandbox', 'a container may keep devices and system calls from us', sandbox, {
      required: false,
    }),
  ],
};
