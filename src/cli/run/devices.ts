// `iopftop devices [DEVICE]`
import { platform } from '../../doctor/facts/platform.ts';
import { DeviceNotFound, findDevice, listDevices } from '../../host/find.ts';
import { listIommus } from '../../host/iommu-kinds.ts';
import { readHostFacts } from '../../host/read-device.ts';
import { Reading } from '../../host/reading.ts';
import { complain } from '../complain.ts';
import { deviceText } from '../devices/device-text.ts';
import { devicesJson } from '../devices/json.ts';
import { devicesTable } from '../devices/table.ts';
import { withoutGroups } from '../devices/without.ts';
import { Exit } from '../exit-codes.ts';
import { filesOf } from '../host-files.ts';
import type { Call } from '../parse.ts';
import type { Print } from '../run-command.ts';

/** Where stdout is no terminal nothing has to fit, and nothing is cut. */
const WIDTH_OF_PIPE = Number.POSITIVE_INFINITY;

export async function run({ arguments: [name], given }: Call, print: Print): Promise<number> {
  const files = await filesOf(given);
  const reading = new Reading(files);
  const facts = readHostFacts(reading);
  const width = process.stdout.columns || WIDTH_OF_PIPE;
  try {
    const devices = name === undefined ? listDevices(files, facts) : [findDevice(files, name, facts)];
    if (given.json) return print(devicesJson(devices, listIommus(reading), reading.unread));
    if (name !== undefined) return print(deviceText(devices[0]!, width, reading.unread));
    if (devices.length > 0) return print(devicesTable(devices, width, reading.unread));
    return print(withoutGroups(platform(reading), width, reading.unread));
  } catch (error) {
    if (!(error instanceof DeviceNotFound)) throw error;
    const { message, hint } = error;
    complain({ kind: 'refused', message, hint, operation: null, errno: null }, false);
    return Exit.ERROR;
  }
}
