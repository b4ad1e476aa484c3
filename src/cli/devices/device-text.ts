// `iopftop devices DEVICE`: everything known about one device.
import { capabilityStates, type KnownCapability } from '../../host/capability-states.ts';
import type { DeviceInfo } from '../../host/device-info.ts';
import { type IommuInfo, KIND_NAMES } from '../../host/iommu-kinds.ts';
import type { PciIdentity } from '../../host/pci-ids.ts';
import type { Unread } from '../../host/reading.ts';
import { type DeviceVerdict, type Finding, verdictOf } from '../../host/verdict.ts';
import { oneLine } from '../../text/one-line.ts';
import { wrap } from '../../text/wrap.ts';
import { deviceName } from './words.ts';

type Field = readonly [label: string, text: string];

const LABEL = 12;
const WIDEST = 110;

const onOff = (enabled: boolean): string => (enabled ? 'on' : 'off');
const listed = (words: readonly (string | false | null | undefined)[]): string => words.filter(Boolean).join(', ');

function pciFields(pci: PciIdentity): Field[] {
  const { vendor, device, revision } = pci;
  const kind = pci.class.name === null ? pci.class.id : `${pci.class.name} (${pci.class.id})`;
  return [
    ['id', listed([`${vendor.id}:${device.id}`, revision && `revision ${revision}`])],
    ['class', kind],
  ];
}

function functionField({ function: of }: DeviceInfo): string | null {
  if (of === null) return null;
  if (of.kind === 'virtual') return `VF of ${of.physicalFunction}`;
  return of.mostVirtualFunctions > 0 ? `PF, with ${of.virtualFunctions} of ${of.mostVirtualFunctions} VFs` : null;
}

function groupField({ group }: DeviceInfo): string {
  if (group === null) return 'none';
  const others = group.members.map(
    ({ address, driver, blocks }) => `${address} (${driver ?? 'no driver'}${blocks ? ', blocks VFIO' : ''})`,
  );
  const what = listed([String(group.id), group.type && `type ${group.type}`, group.name]);
  return others.length === 0 ? `${what}; nothing else is in it` : `${what}; also in it: ${others.join(', ')}`;
}

function abilities({ intel, amd }: IommuInfo): string[] {
  if (intel) {
    return [
      `page requests: PRS ${onOff(intel.pageRequests)}, PDS ${onOff(intel.pageRequestDrain)}`,
      intel.deviceTlb ? 'ATS' : 'no ATS',
      intel.scalableMode ? 'scalable mode' : 'no scalable mode',
      intel.pasid ? `PASIDs of ${intel.pasidBits} bits` : 'no PASIDs',
      listed([
        intel.firstStage && 'first stage',
        intel.secondStage && 'second stage',
        intel.nested && 'nested',
        intel.dirtyTracking && 'dirty tracking',
      ]),
      `ecap ${intel.ecap}`,
    ];
  }
  if (!amd) return [];
  return [
    amd.pageRequests ? 'page requests (PPR)' : 'no page requests (PPR)',
    amd.guestTranslation ? `guest translation, PASIDs of ${amd.pasidBits} bits` : 'no guest translation',
    `features ${amd.features}`,
  ];
}

function iommuField({ iommu }: DeviceInfo): string {
  if (iommu === null) return 'none';
  const { name, kind, driver, intel } = iommu;
  const what = kind === 'other' ? (driver ?? KIND_NAMES.other) : KIND_NAMES[kind];
  const version = intel?.version ? ` ${intel.version.replace(':', '.')}` : '';
  return [`${name}, ${what}${version}`, ...abilities(iommu)].filter(Boolean).join('; ');
}

const stateText = ({ state, why }: KnownCapability): string => {
  const said = {
    on: 'on',
    off: 'off',
    'kernel-off': 'off by the kernel',
    absent: 'not there',
    unread: 'not read',
    unknown: 'not known',
  };
  return why === null ? said[state] : `${said[state]} (${why})`;
};

function capabilityFields(device: DeviceInfo): Field[] {
  const states = capabilityStates(device);
  if (states === null || states.ats.state === 'unread') return [];
  const { ats = null, pasid = null, pri = null } = device.capabilities ?? {};
  return [
    ['ATS', listed([stateText(states.ats), ats && `${ats.queueDepth} invalidations at once`])],
    [
      'PASID',
      listed([
        stateText(states.pasid),
        pasid && `${pasid.width} bits`,
        pasid?.executable && 'execute',
        pasid?.privileged && 'privileged',
      ]),
    ],
    [
      'PRI',
      listed([
        stateText(states.pri),
        pri && !pri.enabled && !pri.stopped && 'earlier requests outstanding',
        pri?.responseFailure && 'response failure',
        pri?.unexpectedGroupIndex && 'unexpected group index',
        pri && `${pri.allocation} of ${pri.capacity} outstanding page requests allotted`,
        pri?.responsePasidRequired && 'PASID in responses',
      ]),
    ],
  ];
}

function vfioField({ vfio }: DeviceInfo): string {
  if (vfio === null) return 'no VFIO device';
  return vfio.path ?? `${vfio.name}, without a character device`;
}

function fieldsOf(device: DeviceInfo): Field[] {
  const { pci, driver, driverOverride, canStall, iommu, openers, uses, path } = device;
  const of = functionField(device);
  return [
    ...(pci ? pciFields(pci) : []),
    ...(of === null ? [] : [['function', of] as const]),
    ['driver', `${driver ?? 'none'}${driverOverride === null ? '' : `; driver_override says ${driverOverride}`}`],
    ['group', groupField(device)],
    ['IOMMU', iommuField(device)],
    ...capabilityFields(device),
    ...(iommu?.kind === 'smmuv3' && canStall !== null ? [['stalls', canStall ? 'yes' : 'no'] as const] : []),
    ['VFIO', vfioField(device)],
    ...openers.map(({ pid, comm, fd, path: open }): Field => ['open in', `${comm} (PID ${pid}), ${open} as ${fd}`]),
    ...uses.map((use): Field => ['in use', use]),
    ['sysfs', path],
  ];
}

/** Several lines of a text, the first one behind its label. */
function entry(label: string, text: string, width: number): string[] {
  return wrap(oneLine(text), width - LABEL).map((line, i) => `${(i === 0 ? label : '').padEnd(LABEL)}${line}`);
}

const inOrder = (count: number): string => (count > 1 ? ', in this order:' : ':');

function summary(outcome: DeviceVerdict['outcome'], count: number): string {
  switch (outcome) {
    case 'ready':
      return 'It can fault and is ready:';
    case 'needs':
      return `Before it can fault${inOrder(count)}`;
    case 'cannot':
      return 'It cannot deliver faults:';
    case 'unknown':
      return 'Whether it can fault is not known:';
  }
}

/** Commands are not wrapped, so that they can be copied. */
const findingLines = (finding: Finding, width: number): string[] => [
  ...wrap(oneLine(finding.text), width - 4).map((line, i) => `  ${i === 0 ? '-' : ' '} ${line}`),
  ...(finding.command === null ? [] : [`      ${oneLine(finding.command)}`]),
];

function verdictLines(device: DeviceInfo, { outcome, findings }: DeviceVerdict, width: number): string[] {
  const of = (wanted: Finding['kind']): Finding[] => findings.filter(({ kind }) => kind === wanted);
  const lines = (shown: readonly Finding[]): string[] => shown.flatMap((finding) => findingLines(finding, width));
  const why = outcome === 'ready' ? [] : of(outcome);
  const also = outcome === 'unknown' ? of('needs') : [];
  const notes = of('note');
  return [
    summary(outcome, why.length),
    ...(outcome === 'ready' ? [`      iopftop --device ${oneLine(device.address)}`] : lines(why)),
    ...(also.length > 0 ? [`It also needs${inOrder(also.length)}`, ...lines(also)] : []),
    ...(notes.length > 0 ? ['Note:', ...lines(notes)] : []),
  ];
}

const unreadLines = (unread: readonly Unread[], width: number): string[] => {
  if (unread.length === 0) return [];
  const lines = unread.flatMap(({ what, path, why }) =>
    wrap(oneLine(`${what}: ${why} (${path})`), width - 4).map((line, i) => `  ${i === 0 ? '-' : ' '} ${line}`),
  );
  return ['', 'Not read:', ...lines];
};

/** The whole page, at most `columns` wide where possible; `ofHost`: what could not be read about the host. */
export function deviceText(device: DeviceInfo, columns: number, ofHost: readonly Unread[] = []): string {
  const width = Math.max(40, Math.min(columns, WIDEST));
  const lines = [
    ...wrap(oneLine(`${device.address}  ${deviceName(device)}`).trimEnd(), width),
    '',
    ...fieldsOf(device).flatMap(([label, text]) => entry(label, text, width)),
    '',
    ...verdictLines(device, verdictOf(device), width),
    ...unreadLines([...device.unread, ...ofHost], width),
  ];
  return lines.map((line) => `${line}\n`).join('');
}
