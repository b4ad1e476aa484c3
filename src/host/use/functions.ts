// Other devices lost with it: VFs, mediated devices, and those whose drivers depend on its driver.
import { plural } from '../../text/plural.ts';
import { basename } from '../reading.ts';
import { all, type Case, type Evidence, seen } from './evidence.ts';

/** drivers/base/core.c: active consumers are unbound first (device_links_unbind_consumers). */
const consumers = ({ reading, device: { path } }: Case): Evidence =>
  seen(
    ...reading
      .list(path, 'the device')
      .filter((name) => name.startsWith('consumer:'))
      .filter((name) => reading.text(`${path}/${name}/status`, 'a device that depends on it') === 'active')
      .map((name) => `${name.slice('consumer:'.length)} depends on it and would lose its driver`),
  );

const mediated = ({ reading, below }: Case): Evidence =>
  seen(
    ...below.directories
      .filter((path) => reading.linkName(`${path}/mdev_type`, 'the type of a mediated device') !== null)
      .map((path) => `it has the mediated device ${basename(path)}`),
  );

/** The uses of its VFs are lost too: `evidenceOf` examines one. */
function virtual({ reading, device }: Case, evidenceOf: (path: string) => Evidence): Evidence {
  const links = reading.list(device.path, 'the device').filter((name) => /^virtfn\d+$/.test(name));
  const told = Number(reading.text(`${device.path}/sriov_numvfs`, 'how many VFs it has') ?? 0) || 0;
  const count = Math.max(told, links.length);
  if (count === 0) return seen();
  const paths = links.map((name) => reading.realPath(`${device.path}/${name}`)).filter((path) => path !== null);
  const users = paths.flatMap((path) => evidenceOf(path).seen.map((use) => `VF ${basename(path)}: ${use}`));
  return seen(`it has ${plural(count, 'VF')}`, ...users);
}

export const functionEvidence = (where: Case, evidenceOf: (path: string) => Evidence): Evidence =>
  all([virtual(where, evidenceOf), mediated(where), consumers(where)]);
