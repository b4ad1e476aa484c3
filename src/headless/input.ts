// Commands on stdin: one JSON object per line. An invalid line is reported and skipped.
import type { Readable } from 'node:stream';
import type { Command, CommandId } from '../protocol/messages.ts';
import { checkCommand, commandId } from '../protocol/validate.ts';
import { JsonError, parseJson } from '../text/json.ts';
import { decodeUtf8 } from '../text/utf8.ts';
import { LINE_LIMIT, LineSplitter } from './lines.ts';

/** Commands under way, plus complaints not written yet; beyond this, reading waits. */
const MOST_UNDER_WAY = 1_000;

export interface WrongLine {
  id: CommandId | null;
  /** With the number of the line. */
  message: string;
  hint: string;
}

export interface InputHandlers {
  command(command: Command): void;
  wrong(line: WrongLine): void;
  /** End of input; `lines` is how many came from it that were not blank, right or wrong. */
  end(lines: number): void;
}

const ONE_COMMAND = 'expected one object such as {"cmd":"respond","group":1,"code":"success"}';

/** One line as a command, or what is wrong with it. Blank lines are null. */
export function readLine(line: Uint8Array | null, number: number): { command: Command } | { wrong: WrongLine } | null {
  const wrong = (problem: string, hint: string, id: CommandId | null = null) => ({
    wrong: { id, message: `line ${number}: ${problem}`, hint },
  });
  if (line === null) return wrong(`longer than ${LINE_LIMIT} bytes`, 'write one command per line, shorter than that');
  const text = decodeUtf8(line);
  if (typeof text !== 'string') return wrong(`not UTF-8 from column ${text.column} on`, 'JSON is UTF-8');
  if (text.trim() === '') return null;
  let value: unknown;
  try {
    value = parseJson(text, ['id']).value;
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    return wrong(`not JSON: column ${error.column}: ${error.message.slice(0, 160)}`, ONE_COMMAND);
  }
  const checked = checkCommand(value);
  if (checked.ok) return { command: checked.command };
  const hint = checked.expected.startsWith('did you mean') ? checked.expected : `expected ${checked.expected}`;
  return wrong(checked.problem, hint, commandId((value as { id?: unknown } | null)?.id));
}

/** Reads commands until the input ends, a quit is read, or `stop` is called. */
export class Input {
  readonly #stream: Readable;
  readonly #handlers: InputHandlers;
  #lines = 0;
  #underWay = 0;
  #stopped = false;

  constructor(stream: Readable, handlers: InputHandlers) {
    this.#stream = stream;
    this.#handlers = handlers;
    const lines = new LineSplitter((line, number) => this.#line(line, number));
    stream.on('data', (chunk: Buffer) => lines.push(chunk));
    stream.on('end', () => {
      lines.end();
      this.#end();
    });
    // The terminal went away, or the input is a directory: no more will come.
    stream.on('error', () => this.#end());
  }

  /** One command was carried out or refused, or one complaint is out. */
  finished(): void {
    if (this.#underWay > 0) this.#underWay--;
    if (this.#underWay < MOST_UNDER_WAY / 2 && this.#stream.isPaused()) this.#stream.resume();
  }

  stop(): void {
    this.#stopped = true;
    this.#stream.destroy();
  }

  #line(line: Uint8Array | null, number: number): void {
    if (this.#stopped) return;
    const read = readLine(line, number);
    if (read === null) return;
    this.#lines++;
    if (++this.#underWay >= MOST_UNDER_WAY) this.#stream.pause();
    if ('wrong' in read) {
      this.#handlers.wrong(read.wrong);
      return;
    }
    // Whether input after a quit is executed would depend on timing.
    if (read.command.cmd === 'quit') this.stop();
    this.#handlers.command(read.command);
  }

  #end(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#handlers.end(this.#lines);
  }
}
