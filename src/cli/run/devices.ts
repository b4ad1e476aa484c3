// `iopftop devices [DEVICE]`
import { platform } from '../../doctor/facts/platform.ts';
import { DeviceNotFound, findDevice, listDevices } from '../../host/find.ts';
import { listIommus } from '../../host/iommu-kinds.ts';
import { readHostFacts } from '../../host/read-device.ts';
import { Reading } from '../../host/reading.ts';
import { type Readiness, verdictOf } from '../../host/verdict.ts';
import { Exit } from '../../protocol/exit.ts';
import { complain } from '../complain.ts';
import { deviceText } from '../devices/device-text.ts';
import { devicesJson } from '../devices/json.ts';
import { devicesTable } from '../devices/table.ts';
import { withoutGroups } from '../devices/without.ts';
import type { Call } from '../given.ts';
import { filesOf } from '../host-files.ts';
import type { Print } from './given.ts';

/**
 * The exit codes for a named device, as in `doctor`: 1 if something is missing, 5 if something could not be read or is
 * unknown.
 */
const CODES: Record<Readiness, number> = {
  ready: Exit.DONE,
  needs: Exit.ERROR,
  cannot: Exit.ERROR,
  unknown: Exit.UNKNOWN,
};

/** If stdout is not a terminal, nothing has to fit, and nothing is cut. */
const WIDTH_OF_PIPE = Number.POSITIVE_INFINITY;

/** The first line, as in `doctor`. */
const MOCK = 'iopftop devices: MOCK, a simulated host\n\n';

export async function run({ arguments: [name], given }: Call, print: Print): Promise<number> {
  const files = await filesOf(given);
  const reading = new Reading(files);
  const facts = readHostFacts(reading);
  const mock = given.backend === 'mock' ? MOCK : '';
  const width = process.stdout.columns || WIDTH_OF_PIPE;
  try {
    const devices = name === undefined ? listDevices(files, facts) : [findDevice(files, name, facts)];
    const code = name === undefined ? Exit.DONE : CODES[verdictOf(devices[0]!).outcome];
    const text = given.json
      ? devicesJson(devices, listIommus(reading), reading.unread)
      : name !== undefined
        ? mock + deviceText(devices[0]!, width, reading.unread)
        : null;
    if (text !== null) return (await print(text)) || code;
    if (devices.length > 0) return print(mock + devicesTable(devices, width, reading.unread));
    return print(withoutGroups(platform(reading), width, reading.unread));
  } catch (error) {
    if (!(error instanceof DeviceNotFound)) throw error;
    complain(error.said(), false);
    return Exit.ERROR;
  }
}
