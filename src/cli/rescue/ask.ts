// Asking on the terminal: the user must type a word, so that a stray key in the input does nothing.
import { createInterface } from 'node:readline';

export interface Terminal {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
}

/**
 * True when exactly `word` is typed. Anything else, the end of input or `broken` being aborted is no. Ctrl-C stays a signal:
 * the line is not read in raw mode.
 */
export function typed(
  question: string,
  word: string,
  { input, output }: Terminal,
  broken: AbortSignal,
): Promise<boolean> {
  const lines = createInterface({ input, output, terminal: false });
  return new Promise((resolve) => {
    const answer = (yes: boolean): void => {
      broken.removeEventListener('abort', no);
      resolve(yes);
      lines.close();
    };
    const no = (): void => answer(false);
    lines.once('line', (line) => answer(line.trim() === word));
    lines.once('close', no);
    broken.addEventListener('abort', no);
    output.write(question);
    if (broken.aborted) no();
  });
}
