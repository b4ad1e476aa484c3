// Network interfaces: those that are up, those below other interfaces, and those moved to another namespace.
import { basename, type Reading } from '../reading.ts';
import { all, type Case, type Evidence, NONE, seen, unseen } from './evidence.ts';

const IFF_UP = 1;
/** Class 02: network controller. */
const NETWORK = '02';

function interfaceEvidence(reading: Reading, path: string): Evidence {
  const name = basename(path);
  const flags = Number(reading.text(`${path}/flags`, 'a network interface') ?? 'none');
  if (Number.isNaN(flags)) return unseen(`whether network interface ${name} is up`);
  const upper = reading.list(path, 'a network interface').filter((entry) => /^upper_|^master$/.test(entry));
  const above = upper.map((entry) => reading.linkName(`${path}/${entry}`, 'what stands on an interface') ?? entry);
  return seen(
    ...((flags & IFF_UP) !== 0 ? [`network interface ${name} is up`] : []),
    ...[...new Set(above)].map((other) => `${other} stands on network interface ${name}`),
  );
}

/** A port of InfiniBand or RoCE carries traffic without an interface: storage, other machines' memory. */
function portsEvidence({ reading, below }: Case): Evidence {
  const ports = below.directories.filter((path) => /\/infiniband\/[^/]+\/ports\/\d+$/.test(path));
  const active = ports.filter((path) => reading.text(`${path}/state`, 'the state of a port')?.includes('ACTIVE'));
  return seen(...active.map((path) => `port ${basename(path)} of ${path.split('/').at(-3)} is active`));
}

export function networkEvidence(where: Case): Evidence {
  const { reading, device, classCode, below } = where;
  // The directory of the class stays when its interface is moved (device_rename, kernfs tags), but is empty here.
  const classes = below.directories.filter((path) => basename(path) === 'net');
  const interfaces = below.directories.filter((path) => /\/net\/[^/]+$/.test(path));
  const empty = classes.filter((path) => !interfaces.some((one) => one.startsWith(`${path}/`)));
  const none = interfaces.length === 0 && device.driver !== null && classCode.startsWith(NETWORK);
  const hidden = empty.length > 0 || none;
  return all([
    ...interfaces.map((path) => interfaceEvidence(reading, path)),
    portsEvidence(where),
    hidden
      ? unseen(
          "it has no network interface in this network namespace, but may have one in another, such as a container's",
        )
      : NONE,
  ]);
}
