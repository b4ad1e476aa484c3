// The JSON Schema of `iopftop devices --json`; schema/iopftop-devices-1.schema.json is written from it by the build.

import { EXTENDED_SPACES } from '../../host/capabilities.ts';
import { CAPABILITY_STATES } from '../../host/capability-states.ts';
import {
  bool,
  described,
  hex,
  int,
  list,
  object,
  oneOf,
  orNull,
  type Schema,
  text,
  the,
} from '../../protocol/schema-parts.ts';
import { FORMAT } from './json.ts';

const named = object({ id: described('hexadecimal, without 0x', text), name: orNull(text) });

const unread = list(
  object({ what: text, path: text, why: text }, 'Something that could not be read: what, where, and why not'),
);

const capabilities = object(
  {
    ats: orNull(object({ enabled: bool, queueDepth: int, pageAligned: bool })),
    pasid: orNull(object({ enabled: bool, width: int, executable: bool, privileged: bool })),
    pri: orNull(
      object({
        enabled: bool,
        stopped: bool,
        responseFailure: bool,
        unexpectedGroupIndex: bool,
        responsePasidRequired: bool,
        capacity: described('page requests that it can have outstanding', int),
        allocation: described('page requests that it may have outstanding', int),
      }),
    ),
  },
  'Extended PCI capabilities that were found; null: it was not found, see capabilityStates',
);

const intel = object({
  version: orNull(text),
  cap: hex,
  ecap: hex,
  pageRequests: described('PRS', bool),
  pageRequestDrain: described('PDS', bool),
  deviceTlb: described('DT', bool),
  pasid: bool,
  pasidBits: int,
  scalableMode: described('SMTS', bool),
  scalableModeWanted: described('intel_iommu=sm_on; null: the command line does not say', orNull(bool)),
  firstStage: described('FLTS', bool),
  secondStage: described('SLTS', bool),
  nested: described('NEST', bool),
  dirtyTracking: described('SLADS', bool),
  snoopControl: described('SC', bool),
});

const amd = object({
  cap: orNull(hex),
  features: hex,
  features2: orNull(hex),
  pageRequests: described('PPRSup', bool),
  guestTranslation: described('GTSup', bool),
  enhancedPpr: described('EPHSup', bool),
  pasidBits: int,
  dirtyTracking: described('HDSup', bool),
});

const iommu = object({
  name: text,
  kind: oneOf('intel', 'amd', 'smmuv3', 'selftest', 'other'),
  driver: orNull(text),
  intel: described('null: not an Intel IOMMU, or it could not be read', orNull(intel)),
  amd: described('null: not an AMD IOMMU, or it could not be read', orNull(amd)),
});

const group = object({
  id: int,
  type: orNull(text),
  name: orNull(text),
  members: described(
    'the others in it',
    list(
      object({
        address: text,
        bus: orNull(text),
        driver: orNull(text),
        vfio: orNull(text),
        blocks: described('blocks VFIO', bool),
        pageRequests: described('has ATS and PRI; null: it could not be read', orNull(bool)),
        pageRequestsOn: described('its PRI is on; null: it could not be read, or it has none', orNull(bool)),
      }),
    ),
  ),
  viable: described('no other member blocks VFIO', bool),
});

const finding = object({
  kind: oneOf('needs', 'cannot', 'unknown', 'note'),
  id: described('stable', text),
  brief: text,
  text,
  command: described('for a root shell; null: there is none', orNull(text)),
});

const verdict = object({
  outcome: oneOf('ready', 'needs', 'cannot', 'unknown'),
  findings: described('in the order in which they must be fixed', list(finding)),
});

const capabilityState = object({
  state: described(
    'kernel-off: the kernel does not use it, whatever its register says; absent: the device lacks it; unread: it could not be read; unknown: what was read does not say',
    oneOf(...CAPABILITY_STATES),
  ),
  why: described('of kernel-off and unknown', orNull(text)),
});

const device = object({
  address: described('its name on its bus', text),
  bus: orNull(text),
  path: described('in sysfs, symbolic links resolved', text),
  pci: orNull(object({ class: named, vendor: named, device: named, revision: orNull(text) })),
  function: orNull(
    object({
      kind: oneOf('physical', 'virtual'),
      physicalFunction: described('of a VF: its PF', orNull(text)),
      sharedCapabilities: described('of a VF: those of its PF', orNull(capabilities)),
      virtualFunctions: int,
      mostVirtualFunctions: int,
    }),
  ),
  headerType: described('0: an endpoint; null: not a PCI device, or it could not be read', orNull(int)),
  driver: orNull(text),
  driverOverride: orNull(text),
  group: orNull(group),
  iommu: orNull(iommu),
  capabilities: described('null: not a PCI device, or it could not be read', orNull(capabilities)),
  capabilityStates: described(
    'of a VF its own; null: not a PCI device',
    orNull(object({ ats: capabilityState, pasid: capabilityState, pri: capabilityState })),
  ),
  extendedSpace: described(
    'what came of reading extended configuration space; out of reach: the kernel itself reaches the first 256 bytes only; null: not a PCI device',
    orNull(oneOf(...EXTENDED_SPACES)),
  ),
  kernelAts: described(
    'why the kernel does not use its ATS; null: no sign that it does not',
    orNull(object({ id: oneOf('noats', 'ats-quirk'), why: text })),
  ),
  priTime: described(
    'when VT-d turns its PRI on, read only where PRI is off; null: it is on, or this is unknown',
    orNull(oneOf('probe', 'attach')),
  ),
  gone: described('its configuration space reads as all ones', bool),
  resettable: described('the kernel can reset it alone; null: not a PCI device', orNull(bool)),
  canStall: described('null: that cannot be known', orNull(bool)),
  vfio: orNull(object({ name: text, path: described('null: there is no character device', orNull(text)) })),
  openers: list(object({ pid: int, comm: text, fd: int, path: text })),
  refusal: described('why vfio-pci will not take it; null: no known obstacle', orNull(finding)),
  uses: described('what would be lost if it were taken from its driver', list(text)),
  unseenUses: described('possible uses that cannot be seen from here; they count as uses', list(text)),
  unread,
  verdict,
});

const SCHEMA: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: '`iopftop devices --json`',
  description: 'Devices with an IOMMU group and VFIO devices, or only the device that was asked for.',
  ...object({
    format: the(FORMAT),
    iommus: described('all of the host', list(iommu)),
    devices: list(device),
    unread,
  }),
};

export const devicesSchemaText = (): string => `${JSON.stringify(SCHEMA, null, 2)}\n`;
