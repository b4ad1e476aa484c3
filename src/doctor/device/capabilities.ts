// What the device reports in configuration space.
import { capabilityStates } from '../../host/capability-states.ts';
import type { PciCapabilities } from '../../host/config-space.ts';
import { DeviceNotFound } from '../../host/find.ts';
import { type CheckGroup, check, fail, fix, look, type Observation, pass, unknown } from '../check.ts';
import { type DeviceGround, deviceOf, judged } from './ground.ts';
import { notIntel, notPci } from './identity.ts';

const lspci = (ground: DeviceGround) => look(`sudo lspci -vvv -s ${deviceOf(ground).address}`);

/** Why nothing is known about the capabilities. */
function unread(ground: DeviceGround): Observation {
  const { unread, extendedSpace } = deviceOf(ground);
  if (extendedSpace === 'out of reach') return judged(ground, ['no-extended-space'], outOfReach);
  const reasons = unread.filter(({ path }) => path.endsWith('/config'));
  const seen = reasons[0] ? `${reasons[0].what} could not be read: ${reasons[0].why}` : 'they could not be read';
  return unknown(seen, fix(`sudo iopftop doctor ${ground.name}`));
}

const outOfReach = (): Observation => fail('the kernel does not reach its extended configuration space');

function whose(ground: DeviceGround): Observation {
  const { function: of } = deviceOf(ground);
  return judged(ground, ['vf', 'vf-no-pri', 'not-pci', 'bridge'], () =>
    pass(of?.virtualFunctions ? `a physical function, VFs: ${of.virtualFunctions}` : 'a physical function'),
  );
}

/** A capability that was not found: it is absent, or that is unknown. */
function notFound(ground: DeviceGround, name: keyof PciCapabilities, absent: string): Observation {
  const known = capabilityStates(deviceOf(ground))?.[name];
  if (known?.state === 'absent') return fail(absent, lspci(ground));
  return unknown(
    `cannot tell whether it has ${name.toUpperCase()}: ${known?.why ?? 'it could not be read'}`,
    lspci(ground),
  );
}

function ats(ground: DeviceGround): Observation {
  const { capabilities } = deviceOf(ground);
  if (capabilities === null) return unread(ground);
  const { ats } = capabilities;
  return judged(
    ground,
    ['noats', 'ats-quirk'],
    () => {
      if (ats === null) return notFound(ground, 'ats', 'it has none');
      return pass(`${ats.enabled ? 'enabled' : 'not enabled yet'}, queue depth ${ats.queueDepth}`);
    },
    look('cat /proc/cmdline'),
  );
}

function pasid(ground: DeviceGround): Observation {
  const { capabilities } = deviceOf(ground);
  if (capabilities === null) return unread(ground);
  const { pasid } = capabilities;
  if (pasid === null) {
    return notFound(ground, 'pasid', 'it has none: only the device itself can be attached, no PASID of it');
  }
  return pass(`${pasid.enabled ? 'enabled' : 'not enabled yet'}, ${pasid.width} bits`);
}

/** What the verdict says about PRI, the worst first. */
const PRI = [
  'pri-pasid',
  'pri-stuck',
  'pri-no-credits',
  'ats-unaligned',
  'pri-off',
  'pri-off-unknown',
  'scalable-mode-unknown',
];

function pri(ground: DeviceGround): Observation {
  const { capabilities } = deviceOf(ground);
  if (capabilities === null) return unread(ground);
  const { pri } = capabilities;
  if (pri === null) return notFound(ground, 'pri', 'it has none: it cannot make page requests');
  return judged(ground, PRI, () => pass(`up to ${pri.capacity} page requests at once`));
}

function groupPri(ground: DeviceGround): Observation {
  const have = () =>
    deviceOf(ground).group?.members.every(({ pageRequests }) => pageRequests)
      ? pass('all others have ATS and PRI')
      : unknown('the capabilities of the others could not be read', fix(`sudo iopftop doctor ${ground.name}`));
  const another = fix(null, 'a slot behind ports that isolate (ACS) gives it a group of its own');
  return judged(ground, ['group-no-pri', 'group-pri-off'], () => judged(ground, ['group-unread'], have), another);
}

/** pci_enable_pri() requires it to be stopped, and returns EBUSY otherwise. */
function priState(ground: DeviceGround): Observation {
  const { capabilities, address } = deviceOf(ground);
  const state = capabilities?.pri;
  if (!state) return unread(ground);
  const reset = fix(
    `sudo sh -c 'echo 1 > /sys/bus/pci/devices/${address}/reset'`,
    'resets the function, and PRI with it',
  );
  if (state.responseFailure) {
    const how = deviceOf(ground).resettable
      ? ', as it is when VFIO opens it'
      : ', and the kernel cannot reset it alone';
    return fail(`a response said FAILURE: it makes no page requests until it is reset${how}`, reset);
  }
  if (state.unexpectedGroupIndex) return fail('it got a response to a group it did not know', reset);
  if (state.enabled) return pass('enabled');
  if (!state.stopped)
    return fail('off, but not stopped: the kernel does not enable it while requests are outstanding', reset);
  return judged(ground, ['pri-off', 'pri-off-unknown'], () => pass('off, and can be enabled'));
}

const PCI_INTEL = (ground: DeviceGround): string | null => notPci(ground) ?? notIntel(ground);

/** For a VF, those of its PF count. */
const withoutOwn = (ground: DeviceGround): string | null => {
  const { found } = ground;
  const isVirtual = !(found instanceof DeviceNotFound) && found.function?.kind === 'virtual';
  return isVirtual ? 'a VF has those of its PF' : notPci(ground);
};

const withoutPri = (ground: DeviceGround): string | null => {
  const { found } = ground;
  if (PCI_INTEL(ground) !== null) return PCI_INTEL(ground);
  if (found instanceof DeviceNotFound || found.capabilities === null) return null;
  return found.capabilities.pri === null ? 'its PRI was not found' : null;
};

const withoutOthers = (ground: DeviceGround): string | null => {
  const { found } = ground;
  if (found instanceof DeviceNotFound || found.group?.members.length) return PCI_INTEL(ground);
  return 'it is alone in its group';
};

export const CAPABILITIES: CheckGroup<DeviceGround> = {
  name: 'capabilities',
  checks: [
    check(
      'device.function',
      'it is not a virtual function',
      'VFs share the PRI of their PF, and get no faults',
      whose,
      {
        after: ['device.exists'],
        unless: notPci,
      },
    ),
    check('device.ats', 'ATS', 'a device requests translations with it, and page requests need it', ats, {
      after: ['device.function', 'device.answers'],
      unless: PCI_INTEL,
    }),
    check('device.pasid', 'PASID', 'with it the device has many address spaces, each attached by itself', pasid, {
      after: ['device.answers'],
      unless: withoutOwn,
      required: false,
    }),
    check('device.pri', 'PRI', 'the device reports missing pages by page requests', pri, {
      after: ['device.function', 'device.answers', 'device.ats'],
      unless: PCI_INTEL,
    }),
    check(
      'device.group-pri',
      'the rest of its group has PRI',
      'all devices of a group have one address space, and its faults',
      groupPri,
      { after: ['device.ats', 'device.pri'], unless: withoutOthers },
    ),
    check('device.pri-state', 'the state of PRI', 'earlier errors can keep it from making page requests', priState, {
      after: ['device.function', 'device.answers', 'device.ats'],
      unless: withoutPri,
      required: false,
    }),
  ],
};
