// Figures of a run: what the tests of trust counted. `npm run trust` collects them for docs/trust.md; elsewhere they are
// told on stdout.
import { appendFileSync } from 'node:fs';

export interface Figure {
  /** The part of docs/trust.md that it stands in, in words: `The simulated kernel`. */
  topic: string;
  /** What was counted: `calls on both kernels`. */
  what: string;
  /** The number with its unit, and where the limit is: `1,000,000, no difference`. */
  value: string;
  /** The command that gives it again. */
  repeat: string;
}

/** `1,234,567` */
export const thousands = (count: number): string => count.toLocaleString('en-US');

/** Tells a figure, and appends it, with the kernel that it comes from, as a line of JSON to the file named by $IOPFTOP_FIGURES. */
export function tellFigure(figure: Figure): void {
  process.stdout.write(`figure: ${figure.topic}: ${figure.what}: ${figure.value}\n`);
  const { IOPFTOP_FIGURES: file, IOPFTOP_KERNEL } = process.env;
  const kernel = IOPFTOP_KERNEL === 'linux' ? 'real' : 'simulated';
  if (file) appendFileSync(file, `${JSON.stringify({ ...figure, kernel })}\n`);
}
