// `iopftop doctor [DEVICE]`
import { type DoctorReport, examine } from '../../doctor/report.ts';
import { jsonLine } from '../../text/json-line.ts';
import { doctorText } from '../doctor/text.ts';
import { Exit } from '../exit-codes.ts';
import { kernelOf } from '../host-files.ts';
import type { Call } from '../parse.ts';
import type { Print } from '../run-command.ts';

/** Where stdout is no terminal. */
const WIDTH_OF_PIPE = 100;

const CODES: Record<DoctorReport['result'], number> = { pass: Exit.DONE, fail: Exit.ERROR, unknown: Exit.UNKNOWN };

export async function run({ arguments: [device], given }: Call, print: Print): Promise<number> {
  const report = examine(await kernelOf(given), device ?? null, given['no-trial'] !== true);
  const { stdout, env } = process;
  const colour = stdout.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb';
  const text = given.json ? jsonLine(report) : doctorText(report, { width: stdout.columns || WIDTH_OF_PIPE, colour });
  const code = await print(text);
  return code === Exit.DONE ? CODES[report.result] : code;
}
