// What the command of `iopftop exec` gets: open descriptors, and environment variables that describe them.
import type { Handles } from '../../protocol/messages.ts';

/** stdin, stdout and stderr come before. */
const FIRST = 3;

export interface Handed {
  /** Our descriptors, in the order in which the command has them from 3 on. */
  readonly fds: readonly number[];
  readonly env: Readonly<Record<string, string>>;
}

/** The iommufd is 3 in the command, the devices follow in the order in which they were named. */
export function handedTo({ iommufd, ioasId, faultId, devices }: Handles): Handed {
  const rows = devices.map(({ address, devId, hwptId }, i) => ({ address, fd: FIRST + 1 + i, devId, hwptId }));
  const env: Record<string, string> = {
    IOPFTOP_IOMMUFD: `${FIRST}`,
    IOPFTOP_IOAS_ID: `${ioasId}`,
    IOPFTOP_FAULT_ID: `${faultId}`,
    // An address has colons in it (0000:17:00.0): the numbers are the last three.
    IOPFTOP_DEVICES: rows.map(({ address, fd, devId, hwptId }) => `${address}:${fd}:${devId}:${hwptId}`).join(','),
  };
  const [first] = rows;
  if (first) {
    env.IOPFTOP_DEVICE_FD = `${first.fd}`;
    env.IOPFTOP_DEVICE_ID = `${first.devId}`;
    env.IOPFTOP_HWPT_ID = `${first.hwptId}`;
  }
  return { fds: [iommufd, ...devices.map(({ fd }) => fd)], env };
}

/** Ours are not passed to a command that has no descriptors of its own. */
export function withoutOurs(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(
      ([name]) => !/^IOPFTOP_(IOMMUFD|IOAS_ID|FAULT_ID|DEVICES?|DEVICE_.*|HWPT_ID)$/.test(name),
    ),
  );
}
