// `iopftop doctor` for people: each check with a mark and a word, and below a failed one the command that fixes it.
import type { CheckState, Remedy } from '../../doctor/check.ts';
import type { ReadyDevice } from '../../doctor/host/devices.ts';
import type { DoctorReport } from '../../doctor/report.ts';
import type { CheckResult } from '../../doctor/run.ts';
import { oneLine } from '../../text/one-line.ts';
import { cellsOf, padCellsEnd } from '../../text/visible.ts';
import { wrap } from '../../text/wrap.ts';

export interface PageStyle {
  /** Of the terminal. */
  readonly width: number;
  readonly colour: boolean;
}

/** What is being written. */
interface Page {
  readonly look: PageStyle;
  readonly width: number;
  /** Long commands that stand on it already. */
  readonly given: Set<string>;
}

const NARROWEST = 60;
const WIDEST = 120;
/** `  x unknown  ` */
const LEFT = 13;
const MOST_TITLE = 34;

const MARKS: Record<CheckState, { mark: string; word: string; sgr: number }> = {
  pass: { mark: '+', word: 'pass', sgr: 32 },
  fail: { mark: '!', word: 'FAIL', sgr: 31 },
  unknown: { mark: '?', word: 'unknown', sgr: 33 },
  skipped: { mark: '-', word: 'skipped', sgr: 2 },
};
/** What failed and is not required. */
const LACKING = { mark: '.', word: 'fail', sgr: 2 };

const OUTCOMES: Record<ReadyDevice['outcome'], { mark: string; word: string; sgr: number }> = {
  ready: { mark: '+', word: 'ready', sgr: 32 },
  needs: { mark: '!', word: 'needs', sgr: 33 },
  cannot: { mark: '-', word: 'cannot', sgr: 2 },
  unknown: { mark: '?', word: 'unknown', sgr: 33 },
};

const paint = (text: string, sgr: number, { colour }: PageStyle): string =>
  colour ? `\u001b[${sgr}m${text}\u001b[0m` : text;

const head = ({ mark, word, sgr }: { mark: string; word: string; sgr: number }, look: PageStyle): string =>
  `  ${paint(`${mark} ${word.padEnd(LEFT - 6)}`, sgr, look)}  `;

/** Placed beside the title while at least this many columns are left. */
const LEAST_BESIDE = 30;

interface Widths {
  readonly titleWidth: number;
  readonly width: number;
}

/** A title with a text beside it, wrapped where it stands; below the title where there is no room. */
function columns(left: string, of: string, text: string, { titleWidth, width }: Widths): string[] {
  const title = oneLine(of);
  const beside = LEFT + titleWidth + 2;
  const fits = cellsOf(title) <= titleWidth && width - beside >= LEAST_BESIDE;
  const indent = fits || width - beside >= LEAST_BESIDE ? beside : LEFT + 2;
  const [first = '', ...rest] = wrap(oneLine(text), width - indent);
  const head = fits
    ? [`${left}${padCellsEnd(title, titleWidth)}  ${first}`]
    : [left + title, ' '.repeat(indent) + first];
  return [...head, ...rest.map((line) => ' '.repeat(indent) + line)].map((line) => line.trimEnd());
}

/** A longer command is not given twice. */
const SHORT = 60;

/** Commands are not wrapped, so that they can be copied. */
function remedyLines({ kind, command, note }: Remedy, width: number, given: Set<string>): string[] {
  const label = ' '.repeat(LEFT) + (kind === 'mend' ? 'fix   ' : 'look  ');
  if (command !== null && given.has(command)) return [`${label}as above`];
  if (command !== null && command.length > SHORT) given.add(command);
  const below = ' '.repeat(label.length);
  const notes = note === null ? [] : wrap(oneLine(note), Math.max(20, width - label.length));
  const all = command === null ? notes : [oneLine(command), ...notes];
  return all.map((line, i) => (i === 0 ? label : below) + line);
}

function checkLines(result: CheckResult, titleWidth: number, page: Page): string[] {
  const { state, required, seen, why, remedies } = result;
  const { look, width, given } = page;
  const mark = state === 'fail' && !required ? LACKING : MARKS[state];
  const isGood = state === 'pass';
  const text = required || isGood ? seen : `${seen} (not required)`;
  const lines = columns(head(mark, look), result.title, text, { titleWidth, width });
  const label = `${' '.repeat(LEFT)}why   `;
  const reasons = isGood ? [] : wrap(oneLine(why), Math.max(20, width - label.length));
  return [
    ...lines,
    ...reasons.map((line, i) => (i === 0 ? label : ' '.repeat(label.length)) + line),
    ...remedies.flatMap((remedy) => remedyLines(remedy, width, given)),
  ];
}

/** Checks skipped for the same reason share a line. */
function skippedLines(skipped: readonly CheckResult[], { look, width }: Page): string[] {
  const roots = [...new Set(skipped.map(({ because }) => because))];
  return roots.flatMap((root) => {
    const titles = skipped.filter(({ because }) => because === root).map(({ title }) => title);
    const lines = wrap(
      oneLine(`${titles.join(', ')}: not checked, because ${root} failed`),
      Math.max(20, width - LEFT),
    );
    return lines.map((line, i) => (i === 0 ? head(MARKS.skipped, look) : ' '.repeat(LEFT)) + line);
  });
}

function groupLines(name: string, checks: readonly CheckResult[], page: Page): string[] {
  const shown = checks.filter(({ state }) => state !== 'skipped');
  const skipped = checks.filter(({ because }) => because !== null);
  if (shown.length + skipped.length === 0) return [];
  const longest = shown.reduce((most, { title }) => Math.max(most, cellsOf(oneLine(title))), 0);
  const titleWidth = Math.min(longest, MOST_TITLE);
  return [name, ...shown.flatMap((result) => checkLines(result, titleWidth, page)), ...skippedLines(skipped, page), ''];
}

function deviceLines(devices: readonly ReadyDevice[], look: PageStyle, width: number): string[] {
  const addressWidth = devices.reduce((most, { address }) => Math.max(most, cellsOf(oneLine(address))), 0);
  return devices.flatMap(({ address, name, driver, outcome, why }) => {
    const text =
      why === null ? `${name ? `${name}, ` : ''}${driver ?? 'no driver'}` : `${name ? `${name}: ` : ''}${why}`;
    return columns(head(OUTCOMES[outcome], look), address, text, { titleWidth: addressWidth, width });
  });
}

const VERDICTS: Record<DoctorReport['result'], string> = {
  pass: 'Every link is there.',
  fail: 'The chain breaks at',
  unknown: 'Nothing failed, but some checks were inconclusive.',
};

function summary({ counts, checks, result, firstFailed }: DoctorReport): string[] {
  const elsewhere = checks.filter(({ state, because }) => state === 'skipped' && because === null).length;
  const first = checks.find(({ id }) => id === firstFailed);
  const verdict = first ? `${VERDICTS.fail} ${first.id}: ${first.seen}` : VERDICTS[result];
  const numbers = [
    `${counts.pass} passed`,
    `${counts.fail} failed`,
    `${counts.unknown} unknown`,
    `${counts.skipped} skipped`,
  ].join(', ');
  return [
    verdict,
    `${numbers}${elsewhere === 0 ? '' : `, ${elsewhere} of them not shown because they do not apply here`}`,
  ];
}

export function doctorText(report: DoctorReport, look: PageStyle): string {
  const width = Math.max(NARROWEST, Math.min(look.width, WIDEST));
  const page: Page = { look, width, given: new Set() };
  const groups = [...new Set(report.checks.map(({ group }) => group))];
  const what = `${report.mock ? 'MOCK, ' : ''}kernel ${report.kernel || '?'}`;
  const lines = [
    `iopftop doctor: ${oneLine(report.device === null ? what : `${report.device}, ${what}`)}`,
    '',
    ...groups.flatMap((name) => {
      const checks = report.checks.filter(({ group }) => group === name);
      return groupLines(name, checks, page);
    }),
    ...(report.devices?.length ? [...deviceLines(report.devices, look, width), ''] : []),
    ...summary(report).flatMap((line) => wrap(oneLine(line), width)),
  ];
  return `${lines.join('\n')}\n`;
}
