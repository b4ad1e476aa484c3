// The IOMMU: described by the firmware, turned on, and able to take page requests.
import { plural } from '../../text/plural.ts';
import { type CheckGroup, check, fail, fix, look, type Observation, pass, unknown } from '../check.ts';
import { addToCommandLine } from '../facts/boot-loader.ts';
import type { Vendor } from '../facts/platform.ts';
import type { HostGround } from './ground.ts';

const PARAMETERS: Partial<Record<Vendor, string>> = { intel: 'intel_iommu=on,sm_on', amd: 'amd_iommu=on' };
const BIOS = { intel: 'VT-d', amd: 'AMD-Vi (IOMMU)', arm: 'the SMMU', selftest: 'the IOMMU' } as const;

function firmware({ platform }: HostGround): Observation {
  const { vendors, table, groups, virtual } = platform;
  if (table) return pass(`it has the ACPI table ${table}`);
  if (groups > 0) return pass('it has, since there are IOMMU groups');
  if (table === undefined) return unknown('there are no ACPI tables', look('ls /proc/device-tree | grep -i iommu'));
  const seen = 'it has none of the ACPI tables DMAR (Intel), IVRS (AMD) and IORT (Arm)';
  if (virtual) {
    return fail(
      seen,
      fix(null, 'this is a virtual machine: its host must give it an IOMMU (QEMU: -device intel-iommu,...)'),
    );
  }
  const [vendor] = vendors;
  const name = vendor === undefined ? 'the IOMMU' : BIOS[vendor];
  return fail(seen, fix(null, `enable ${name} in the firmware setup (BIOS)`), look('ls /sys/firmware/acpi/tables'));
}

function on({ platform, reading }: HostGround): Observation {
  const { vendors, iommus, hasSysfs, groups, commandLine } = platform;
  if (!hasSysfs) return unknown('sysfs is not mounted at /sys', fix('sudo mount -t sysfs sysfs /sys'));
  if (groups > 0) {
    const names = iommus.map(({ name }) => name).join(', ');
    return pass(`${plural(groups, 'IOMMU group')}${names ? `, ${names}` : ''}`);
  }
  const off = commandLine.iommuOff;
  if (off.length > 0) {
    const words = off.join(' ');
    return fail(
      `the kernel's command line says ${words}`,
      fix(null, `remove ${words} from it and reboot`),
      look('cat /proc/cmdline'),
    );
  }
  const parameter = vendors.map((vendor) => PARAMETERS[vendor]).find((word) => word !== undefined);
  return fail(
    'there are no IOMMU groups',
    parameter ? fix(addToCommandLine(reading, parameter)) : look('sudo dmesg | grep -i -e iommu -e smmu'),
  );
}

function scalableMode({ platform, config, reading }: HostGround): Observation {
  const { iommus, commandLine } = platform;
  const known = iommus.flatMap(({ name, intel }) => (intel ? [{ name, able: intel.scalableMode }] : []));
  if (known.length > 0 && !known.some(({ able }) => able)) {
    return fail(
      `no IOMMU here has it (${known.map(({ name }) => name).join(', ')}: SMTS is 0 in ecap)`,
      fix(null, 'this machine delivers no I/O page faults to user space'),
    );
  }
  const said = commandLine.scalableMode;
  const remedy = fix(addToCommandLine(reading, 'intel_iommu=on,sm_on'));
  if (said === false) return fail("the kernel's command line says intel_iommu=sm_off", remedy);
  if (known.length === 0) return unknown('the IOMMUs do not report their capabilities', look('ls /sys/class/iommu/*'));
  if (said === true) return pass("the kernel's command line says intel_iommu=sm_on");
  const byDefault = config?.get('INTEL_IOMMU_SCALABLE_MODE_DEFAULT_ON');
  if (byDefault === 'y') return pass('on by default (CONFIG_INTEL_IOMMU_SCALABLE_MODE_DEFAULT_ON=y)');
  const seen = "the kernel's command line does not say intel_iommu=sm_on";
  return byDefault === undefined
    ? unknown(`${seen}, and this kernel's default cannot be read`, remedy)
    : fail(`${seen}, and it is off by default in this kernel`, remedy);
}

/** pci_ats_init() */
function ats({ platform }: HostGround): Observation {
  if (!platform.commandLine.noAts) return pass("the kernel's command line does not turn it off");
  return fail(
    "the kernel's command line says pci=noats: no PCI device has ATS or PRI",
    fix(null, 'remove noats from pci=... and reboot'),
    look('cat /proc/cmdline'),
  );
}

/** What intel_iommu_probe_device() requires. The AMD-Vi driver delivers none: see the verdict on its devices. */
function pageRequests({ platform }: HostGround): Observation {
  const { vendors, iommus } = platform;
  if (vendors.includes('selftest')) return pass('the mock IOMMU does');
  if (vendors.every((vendor) => vendor === 'arm')) {
    return unknown(
      'sysfs does not show it; Linux delivers the faults of devices that can stall, not page requests (PRI)',
      look('sudo dmesg | grep -i smmu'),
    );
  }
  const known = iommus.flatMap(({ name, kind, intel }) => {
    if (intel) return [{ name, able: intel.pageRequests && intel.pageRequestDrain }];
    return kind === 'amd' ? [{ name, able: false }] : [];
  });
  if (known.length === 0) {
    return unknown('the IOMMUs do not report their capabilities', look('grep -r . /sys/class/iommu/*/*-iommu/'));
  }
  const able = known.filter((iommu) => iommu.able).map(({ name }) => name);
  if (able.length > 0) return pass(able.length === known.length ? 'all of them' : `${able.join(', ')}, not the others`);
  const names = known.map(({ name }) => name).join(', ');
  return fail(
    iommus.some(({ intel }) => intel)
      ? `no IOMMU here has PRS and PDS (${names})`
      : `${names}: the AMD IOMMU driver hands page requests to SVA only, none to iommufd`,
    fix(null, 'this machine delivers no I/O page faults of PCI devices'),
  );
}

export const IOMMU: CheckGroup<HostGround> = {
  name: 'IOMMU',
  checks: [
    check('iommu.firmware', 'the firmware reports an IOMMU', 'the kernel finds the IOMMU from it', firmware, {
      unless: ({ platform }) => (platform.vendors.includes('selftest') ? 'the mock IOMMU needs no firmware' : null),
    }),
    check('iommu.on', 'the IOMMU is on', 'a device without an IOMMU group can neither be isolated nor fault', on, {
      after: ['kernel.iommu-support', 'kernel.intel-iommu', 'kernel.amd-iommu', 'kernel.arm-smmu-v3', 'iommu.firmware'],
    }),
    check(
      'iommu.scalable-mode',
      'VT-d scalable mode',
      'Linux takes page requests in scalable mode only',
      scalableMode,
      {
        after: ['iommu.on'],
        unless: ({ platform }) => (platform.vendors.includes('intel') ? null : 'it applies to Intel VT-d only'),
      },
    ),
    // A device has its own check for it.
    check('iommu.ats', 'ATS is not turned off', 'page requests of PCI devices come with ATS', ats, {
      after: ['iommu.on'],
      unless: ({ platform }) => (platform.hasPci ? null : 'this machine has no PCI devices'),
      required: false,
    }),
    check(
      'iommu.page-requests',
      'an IOMMU that takes page requests',
      'a PCI device reports missing pages by page requests (PRI)',
      pageRequests,
      { after: ['iommu.on'] },
    ),
  ],
};
