// `iopftop doctor [DEVICE]`
import { type DoctorReport, examine } from '../../doctor/report.ts';
import { DeviceNotFound, findDevice } from '../../host/find.ts';
import { Exit } from '../../protocol/exit.ts';
import { jsonLine } from '../../text/json-line.ts';
import { complain } from '../complain.ts';
import { doctorText } from '../doctor/text.ts';
import type { Call } from '../given.ts';
import { kernelOf } from '../host-files.ts';
import type { Print } from './given.ts';

/** If stdout is not a terminal. */
const WIDTH_OF_PIPE = 100;

const CODES: Record<DoctorReport['result'], number> = { pass: Exit.DONE, fail: Exit.ERROR, unknown: Exit.UNKNOWN };

export async function run({ arguments: [device], given }: Call, print: Print): Promise<number> {
  const kernel = await kernelOf(given);
  try {
    if (device !== undefined) findDevice(kernel.files, device);
  } catch (error) {
    if (!(error instanceof DeviceNotFound)) throw error;
    complain(error.said(), false);
    return Exit.ERROR;
  }
  const report = examine(kernel, device ?? null, given['no-trial'] !== true);
  const { stdout, env } = process;
  const colour = stdout.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb';
  const text = given.json ? jsonLine(report) : doctorText(report, { width: stdout.columns || WIDTH_OF_PIPE, colour });
  const code = await print(text);
  return code === Exit.DONE ? CODES[report.result] : code;
}
