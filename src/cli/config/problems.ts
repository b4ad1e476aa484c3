// What is wrong in a configuration file: everything, in the order of the file.
import { joinLines } from '../../text/one-line.ts';
import { UsageError } from '../usage-error.ts';
import { type KeyPath, lineOf, linesOf } from './lines.ts';

export interface Problem {
  /** From 1; null if unknown. */
  line: number | null;
  message: string;
  hint: string;
}

/** `alarms.oldest`, `rule 2: then`, `filters."a b"`. */
export function pathText(path: KeyPath): string {
  const [first, index, ...rest] = path;
  if (first === 'rules' && typeof index === 'number') {
    return rest.length ? `rule ${index + 1}: ${pathText(rest)}` : `rule ${index + 1}`;
  }
  return path.map((part) => (/^[\w-]+$/.test(String(part)) ? part : JSON.stringify(part))).join('.');
}

const MOST = 300;
/** Values from the file are quoted, and may be long. */
const clip = (text: string): string => (text.length > MOST ? `${text.slice(0, MOST)}...` : text);

export class Problems {
  readonly file: string;
  readonly #text: string;
  readonly #list: Problem[] = [];
  #lines: Map<string, number> | null = null;

  constructor(file: string, text: string) {
    this.file = file;
    this.#text = text;
  }

  /** `message` says by itself what it is about; `path` is where to look for it. */
  add(path: KeyPath, message: string, hint: string): void {
    this.#lines ??= linesOf(this.#text);
    this.#list.push({ line: lineOf(this.#lines, path), message, hint });
  }

  addAt(line: number, message: string, hint: string): void {
    this.#list.push({ line, message, hint });
  }

  get any(): boolean {
    return this.#list.length > 0;
  }

  #sorted(): Problem[] {
    return [...this.#list].sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  }

  #messageOf({ line, message }: Problem): string {
    return `${this.file}${line === null ? '' : `:${line}`}: ${clip(message)}`;
  }

  /** One line for each. */
  lines(): string[] {
    return this.#sorted().map((problem) => joinLines(`${this.#messageOf(problem)}: ${problem.hint}`));
  }

  /** The first, for a run that cannot start, and how to see the others. */
  error(): UsageError {
    const sorted = this.#sorted();
    const more = sorted.length > 1 ? ` (and ${sorted.length - 1} more: iopftop config check ${this.file})` : '';
    return new UsageError(this.#messageOf(sorted[0]!), sorted[0]!.hint + more);
  }
}
