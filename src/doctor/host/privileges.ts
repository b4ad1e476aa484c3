// What this user may do, and what restricts this process.
import { type CheckGroup, check, fail, fix, look, type Observation, pass, unknown } from '../check.ts';
import { type CapabilityName, containerHint } from '../facts/credentials.ts';
import type { HostGround } from './ground.ts';

const AS_ROOT = 'run iopftop as root';

const bytesText = (bytes: number): string =>
  bytes >= 1 << 20 ? `${Math.floor(bytes / (1 << 20))} MiB` : `${Math.floor(bytes / 1024)} KiB`;

/** Systems without systemd allow 64 KiB; with it, 8 MiB. */
const LITTLE = 1 << 20;

/** iopt_alloc_pages(): pages pinned for a user without CAP_IPC_LOCK count against RLIMIT_MEMLOCK. */
function memlock({ credentials }: HostGround): Observation {
  if (credentials.has('IPC_LOCK') && !credentials.userNamespace) return pass('no limit: this process has CAP_IPC_LOCK');
  const limit = credentials.memlock;
  if (limit === null) return unknown('the limit cannot be read', look('ulimit -l'));
  if (limit.soft === Number.POSITIVE_INFINITY) return pass('no limit');
  const raise =
    limit.hard > limit.soft
      ? fix('ulimit -l hard', 'in the shell that starts iopftop')
      : fix('sudo prlimit --pid $$ --memlock=unlimited:unlimited', 'in the shell that starts iopftop');
  if (limit.soft === 0) return fail('0: no page can be mapped', raise);
  const seen = `${bytesText(limit.soft)}: mapping more is refused (ENOMEM)`;
  return limit.soft < LITTLE ? unknown(`${seen}, which is low`, raise) : pass(seen, raise);
}

function capability(name: CapabilityName, without: string) {
  return ({ credentials }: HostGround): Observation => {
    const has = credentials.has(name);
    if (has === null) return unknown('the capabilities of this process cannot be read');
    if (has && credentials.userNamespace)
      return unknown('it has it in a user namespace, which the host does not honour');
    return has ? pass('this process has it') : fail(without, fix(null, AS_ROOT));
  };
}

const YAMA = '/proc/sys/kernel/yama/ptrace_scope';

/** yama_ptrace_access_check() */
function ptraceScope({ reading, credentials }: HostGround): Observation {
  const scope = reading.text(YAMA, "Yama's ptrace_scope");
  const can = credentials.has('SYS_PTRACE');
  if (scope === null) return pass('Yama is not enabled, so it blocks nothing');
  if (scope === '0') return pass('0: no restriction beyond those of ptrace');
  if (scope === '3') return fail('3: nobody may, until the next boot', look(`cat ${YAMA}`));
  if (can) return pass(`${scope}: CAP_SYS_PTRACE is required, and this process has it`);
  return fail(
    `${scope}: only CAP_SYS_PTRACE lets a process access one that is not its child`,
    fix(scope === '1' ? 'sudo sysctl kernel.yama.ptrace_scope=0' : null, `or ${AS_ROOT}`),
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
    `${signs.join(', ')}: system calls and devices may be denied to this process`,
    look(
      'grep -e Seccomp -e NoNewPrivs /proc/self/status',
      'if something is refused here, try it outside the container',
    ),
  );
}

export const PRIVILEGES: CheckGroup<HostGround> = {
  name: 'privileges',
  checks: [
    check('privileges.memlock', 'RLIMIT_MEMLOCK', 'memory mapped for a device is pinned, and this limits it', memlock),
    check(
      'privileges.sys-admin',
      'CAP_SYS_ADMIN',
      'ATS, PASID and PRI are read from the configuration space beyond its first 64 bytes',
      capability('SYS_ADMIN', 'missing: the capabilities of PCI devices stay unknown'),
      { required: false },
    ),
    check(
      'privileges.sys-ptrace',
      'CAP_SYS_PTRACE',
      "it is needed to reach the queues of other users' processes (--pid, rescue)",
      capability('SYS_PTRACE', 'missing: only processes of this user can be reached'),
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
    check('privileges.sandbox', 'no sandbox', 'a container may deny devices and system calls', sandbox, {
      required: false,
    }),
  ],
};
