// What this process may do: its capabilities, limits and the walls around it (proc_pid_status(5)).
import type { Reading } from '../../host/reading.ts';

/** include/uapi/linux/capability.h */
const Capability = { IPC_LOCK: 14, SYS_PTRACE: 19, SYS_ADMIN: 21 } as const;
export type CapabilityName = keyof typeof Capability;

export interface Credentials {
  /** null: not known. Inside a user namespace this says nothing about the host. */
  has(capability: CapabilityName): boolean | null;
  /** RLIMIT_MEMLOCK in bytes; Infinity: none; null: not known. */
  readonly memlock: { readonly soft: number; readonly hard: number } | null;
  /** A seccomp filter is in force. */
  readonly seccomp: boolean;
  /** Not the initial user namespace. */
  readonly userNamespace: boolean;
}

/** One limit of /proc/self/limits, whose columns are separated by at least two spaces. */
function limitOf(limits: string | null, name: string): { soft: number; hard: number } | null {
  const line = limits?.split('\n').find((l) => l.startsWith(name));
  const [soft, hard] = line?.slice(name.length).trim().split(/\s+/) ?? [];
  const bytes = (word: string | undefined) => (word === 'unlimited' ? Number.POSITIVE_INFINITY : Number(word));
  if (Number.isNaN(bytes(soft)) || Number.isNaN(bytes(hard))) return null;
  return { soft: bytes(soft), hard: bytes(hard) };
}

/** The whole range of ids, mapped to itself. */
const INITIAL = /^\s*0\s+0\s+4294967295\s*$/;

export function credentials(reading: Reading): Credentials {
  const status = reading.text('/proc/self/status', 'the state of this process') ?? '';
  const field = (name: string): string | null => new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(status)?.[1] ?? null;
  const effective = field('CapEff');
  const bits = effective !== null && /^[0-9a-f]+$/.test(effective) ? BigInt(`0x${effective}`) : null;
  const map = reading.text('/proc/self/uid_map', 'the user namespace');
  return {
    has: (capability) => (bits === null ? null : (bits & (1n << BigInt(Capability[capability]))) !== 0n),
    memlock: limitOf(reading.text('/proc/self/limits', 'the limits of this process'), 'Max locked memory'),
    seccomp: field('Seccomp') === '2',
    userNamespace: map !== null && !INITIAL.test(map),
  };
}

/** What says that this process is in a container, or null. */
export const containerHint = (reading: Reading): string | null =>
  ['/run/.containerenv', '/.dockerenv', '/run/systemd/container'].find((path) => reading.isThere(path)) ?? null;
