// What `iopftop doctor` finds, and prints with --json: the names here are those of its output.

import type { DeviceInfo } from '../host/device-info.ts';
import { DeviceNotFound, findDevice } from '../host/find.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { catching } from '../text/refusal.ts';
import { CHECK_STATES, type CheckState } from './check.ts';
import { deviceGround } from './device/ground.ts';
import { deviceChecks } from './device/index.ts';
import { DEVICES, devicesGround, type ReadyDevice } from './host/devices.ts';
import { type HostGround, hostGround } from './host/ground.ts';
import { HOST_CHECKS } from './host/index.ts';
import { type CheckResult, runChecks } from './run.ts';

/** The number grows when a name changes its meaning or is removed. */
export const FORMAT = 'iopftop-doctor/1';

export interface DoctorReport {
  readonly format: typeof FORMAT;
  /** The machine is simulated. */
  readonly mock: boolean;
  /** As in `uname -r`. */
  readonly kernel: string;
  /** As it was asked for; null: the host only. */
  readonly device: string | null;
  /** fail: a required check failed; unknown: none did, but one was inconclusive, and the trial did not settle it. */
  readonly result: 'pass' | 'fail' | 'unknown';
  /** Id of the first required check that failed, in the order of the chain. */
  readonly firstFailed: string | null;
  readonly counts: Readonly<Record<CheckState, number>>;
  /** In the order of the chain. */
  readonly checks: readonly CheckResult[];
  /** Without a DEVICE: each that there is. */
  readonly devices: readonly ReadyDevice[] | null;
}

/** `trial`: try the device if possible, which resets it. Nothing is left open or changed. */
export function examine(kernel: Kernel, device: string | null, trial: boolean): DoctorReport {
  return device === null ? examineHost(kernel) : examineDevice(kernel, device, trial);
}

function examineHost(kernel: Kernel): DoctorReport {
  const host = hostGround(kernel, null);
  const before = runChecks(HOST_CHECKS, host);
  const ground = devicesGround(host);
  return report(host, null, [...before, ...runChecks([DEVICES], ground, before)], ground.devices);
}

function examineDevice(kernel: Kernel, name: string, trial: boolean): DoctorReport {
  const found = find(kernel, name);
  const host = hostGround(kernel, found instanceof DeviceNotFound ? null : found);
  const before = runChecks(HOST_CHECKS, host);
  const ground = deviceGround(host, name, found);
  try {
    return report(host, name, [...before, ...runChecks(deviceChecks(trial), ground, before)], null);
  } finally {
    ground.trial.end();
  }
}

const find = ({ files }: Kernel, name: string): DeviceInfo | DeviceNotFound =>
  catching(
    DeviceNotFound,
    () => findDevice(files, name),
    (error) => error,
  );

/** Other drivers attach even if the device cannot fault (arm_smmu_enable_iopf(), amd_iommu_iopf_add_device()). */
const CAPABILITIES = ['device.iommu-ability', 'device.function', 'device.ats', 'device.pri', 'device.group-pri'];

/** What the kernel itself has answered, even if it could not be read: it binds and attaches nothing without these. */
function shownByTrial(checks: readonly CheckResult[]): string[] {
  const passed = (id: string) => checks.some((check) => check.id === id && check.state === 'pass');
  return [
    ...(passed('trial.bind') ? ['interrupts.isolated', 'device.interrupts', 'device.in-use'] : []),
    // device.iommu-ability is checked for VT-d only, which attaches no device that cannot fault
    // (intel_iommu_enable_iopf()).
    ...(passed('trial.attach') && isVtd(checks) ? CAPABILITIES : []),
  ];
}

const isVtd = (checks: readonly CheckResult[]): boolean =>
  checks.some(({ id, state, because }) => id === 'device.iommu-ability' && (state !== 'skipped' || because !== null));

function report(
  { kernel, osrelease }: HostGround,
  device: string | null,
  checks: readonly CheckResult[],
  devices: readonly ReadyDevice[] | null,
): DoctorReport {
  const required = checks.filter((check) => check.required);
  const isOpen = ({ id, state }: CheckResult) => state === 'unknown' && !shownByTrial(checks).includes(id);
  const count = (state: CheckState) => checks.filter((check) => check.state === state).length;
  const failed = required.find(({ state }) => state === 'fail');
  return {
    format: FORMAT,
    mock: kernel.name === 'sim',
    kernel: osrelease,
    device,
    result: failed ? 'fail' : required.some(isOpen) ? 'unknown' : 'pass',
    firstFailed: failed?.id ?? null,
    counts: Object.fromEntries(CHECK_STATES.map((state) => [state, count(state)])) as Record<CheckState, number>,
    checks,
    devices,
  };
}
