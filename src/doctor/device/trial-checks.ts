// The steps of the trial as checks: the first that the kernel refuses is where the chain ends.
import { DeviceNotFound } from '../../host/find.ts';
import { IommufdError } from '../../iommufd/error.ts';
import { type Check, type CheckGroup, check, fail, fix, look, type Observation, pass } from '../check.ts';
import { type DeviceGround, deviceOf } from './ground.ts';
import { notIntel, notPci } from './identity.ts';
import type { Trial } from './trial.ts';

/** Without these the trial is pointless. */
const GROUND = [
  'files.iommu-open',
  'files.fault-queue',
  'device.group-viable',
  'device.interrupts',
  'device.driver',
  'device.cdev',
  'device.cdev-open',
  'device.in-use',
];

function refused(error: unknown): Observation {
  if (!(error instanceof IommufdError)) throw error;
  return fail(error.message, ...(error.hint === null ? [] : [fix(null, error.hint)]));
}

/** One step, after those before it. */
function step(
  id: string,
  title: string,
  why: string,
  take: (trial: Trial, ground: DeviceGround) => string,
  { after, required = true }: { after: string; required?: boolean },
): Check<DeviceGround> {
  const lookAt = (ground: DeviceGround): Observation => {
    try {
      return pass(take(ground.trial, ground));
    } catch (error) {
      return refused(error);
    }
  };
  return check(id, title, why, lookAt, { after: [after], required });
}

function nested(trial: Trial): string {
  const id = trial.nestedHwpt();
  return id === null
    ? 'not tried: this IOMMU takes them only through a virtual IOMMU, which a VMM creates'
    : `HWPT ${id}, destroyed again`;
}

/** IOMMU_HW_CAP_PCI_ATS_NOT_SUPPORTED (iommufd_get_hw_info()). */
function ats({ trial }: DeviceGround): Observation {
  if (!trial.atsRefused()) return pass('the kernel does not say that it cannot use its ATS');
  return fail(
    'the kernel cannot use its ATS: by pci=noats, a quirk, an untrusted port, or its firmware (ATSR, SATC)',
    look('cat /proc/cmdline; sudo dmesg | grep -i -e ATS -e DMAR'),
  );
}

function undone({ trial }: DeviceGround): Observation {
  const failures = trial.end();
  if (failures.length === 0) return pass('detached, unbound, all closed');
  return fail(failures.map(({ message }) => message).join('; '), fix(null, 'it is undone when this process ends'));
}

const BIND: Check<DeviceGround> = {
  ...step(
    'trial.bind',
    'BIND',
    'binds the device to an iommufd; this resets it',
    (trial, ground) =>
      `device id ${trial.bind(deviceOf(ground).vfio?.path ?? '')}; that has reset the device (--no-trial does not)`,
    { after: '' },
  ),
  after: GROUND,
};

const STEPS: readonly Check<DeviceGround>[] = [
  BIND,
  check(
    'trial.ats',
    'ATS, according to the kernel',
    'without it VT-d does not turn on page requests',
    (ground) => ats(ground),
    {
      after: ['trial.bind'],
      required: false,
      unless: (ground) => notPci(ground) ?? notIntel(ground),
    },
  ),
  step('trial.ioas', 'IOAS', 'what the device can reach is mapped in it', (trial) => `IOAS ${trial.ioas()}`, {
    after: 'trial.bind',
  }),
  step(
    'trial.fault-object',
    'fault object',
    'faults are queued in it',
    (trial) => `fault object ${trial.faultObject()}`,
    {
      after: 'trial.ioas',
    },
  ),
  step(
    'trial.paging-hwpt',
    'paging HWPT with a fault object',
    'a device is attached to this to deliver its faults; in Linux since 6.13',
    (trial) => `HWPT ${trial.pagingHwpt()}`,
    { after: 'trial.fault-object' },
  ),
  step('trial.nested-hwpt', 'nested HWPT with a fault object', 'needed only for --hwpt nested', nested, {
    after: 'trial.fault-object',
    required: false,
  }),
  step(
    'trial.attach',
    'ATTACH',
    'here the IOMMU driver says whether the device can fault',
    (trial) => {
      trial.attach();
      return 'attached';
    },
    { after: 'trial.paging-hwpt' },
  ),
  step(
    'trial.detach',
    'DETACH',
    'gives the device back its own address space',
    (trial) => {
      trial.detach();
      return 'detached';
    },
    { after: 'trial.attach' },
  ),
  check('trial.undone', 'everything undone', 'nothing of the trial is left', undone, { after: ['trial.bind'] }),
];

const notNamed = ({ found }: DeviceGround): string | null =>
  found instanceof DeviceNotFound ? 'there is no such device' : null;

export const TRIAL: CheckGroup<DeviceGround> = {
  name: 'trial',
  checks: STEPS.map((one) => ({ ...one, unless: (ground) => notNamed(ground) ?? one.unless?.(ground) ?? null })),
};

/** The same steps, not taken. */
export const NO_TRIAL: CheckGroup<DeviceGround> = {
  name: 'trial',
  checks: STEPS.map((one) => ({ ...one, unless: () => 'skipped: --no-trial' })),
};
