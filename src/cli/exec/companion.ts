// A run with a command beside it: it begins when the devices are attached, the run ends when it does, and when the run is to
// end first, it is ended before the devices are taken from it.
import { existsSync } from 'node:fs';
import type { EngineClient } from '../../engine/thread/client.ts';
import { Exit } from '../../protocol/exit.ts';
import type { FromEngine, Handles, QuitCommand, ToEngine } from '../../protocol/messages.ts';
import { joinLines } from '../../text/one-line.ts';
import type { Companion } from '../companion.ts';
import { Child, type ChildEnd, type ChildRequest } from './child.ts';
import { handedTo, withoutOurs } from './environment.ts';
import { NOT_EXECUTABLE, NOT_FOUND } from './find-command.ts';
import { type Holder, holderText, IOMMUFD, startOf, type Wanted, wantedOf } from './holders.ts';
import { type CommandOutput, closeOutput, tailOf } from './output.ts';

export interface ExecRequest {
  readonly path: string;
  readonly argv: readonly string[];
  readonly output: CommandOutput;
  readonly env: NodeJS.ProcessEnv;
  /** See ChildRequest. */
  readonly ignored?: readonly number[];
  /** A line for the user, after the screen is restored. */
  readonly say: (line: string) => void;
  /** Who else has the command's descriptors open. `since`: when the command was started, in clock ticks since the boot. */
  readonly look: (wanted: readonly Wanted[], since: number | null) => Promise<readonly Holder[]>;
  readonly start?: (request: ChildRequest) => Child;
}

/** What a shell says of a program that it could not start. */
const notStarted = (errno: string): number => (errno === 'ENOENT' ? NOT_FOUND : NOT_EXECUTABLE);

export class ExecCompanion implements Companion {
  readonly #request: ExecRequest;
  #engine: EngineClient | null = null;
  #child: Child | null = null;
  /** The run must end before the command has ended. */
  #quitting = false;
  #told = false;
  /** What the command was given; null: nothing, or its holders have been looked for already. */
  #wanted: readonly Wanted[] | null = null;
  #since: number | null = null;
  #left: readonly Holder[] = [];

  constructor(request: ExecRequest) {
    this.#request = request;
  }

  get name(): string {
    return joinLines(this.#request.argv[0] ?? '');
  }

  async run(engine: EngineClient, frontEnd: (client: EngineClient) => Promise<number>): Promise<number> {
    this.#engine = engine;
    const client: EngineClient = {
      send: (message) => this.#send(message),
      onMessage: (listener) => engine.onMessage((message) => this.#pass(message, listener)),
      ended: engine.ended,
    };
    let code: number;
    try {
      code = await frontEnd(client);
    } finally {
      // It did not wait: the run ended by itself, by a second signal, or by a bug.
      if (this.#child?.end === null) this.#quitting = true;
      this.#child?.kill();
    }
    const end = await this.#child?.ended;
    await this.#lookLeft();
    closeOutput(this.#request.output);
    return this.#conclude(end ?? null, code);
  }

  #pass(message: FromEngine, listener: (message: FromEngine) => void): void {
    // The reply to our own quit command.
    if (this.#told && message.type === 'done' && message.cmd === 'quit') return;
    listener(message.type === 'hello' ? { ...message, command: this.name } : message);
    if (message.type === 'hello' && !this.#child) this.#begin(message.handles ?? null);
  }

  #begin(handles: Handles | null): void {
    if (!handles) throw new Error('the devices have no descriptors');
    const { path, argv, output, env, ignored, start = (request) => new Child(request) } = this.#request;
    const { fds, env: ours } = handedTo(handles);
    const child = start({ path, argv, env: { ...withoutOurs(env), ...ours }, output: output.fd, fds, ignored });
    this.#child = child;
    this.#wanted = wantedOf(handles);
    this.#since = child.pid === undefined ? null : startOf(child.pid);
    void child.ended.then((end) => this.#childEnded(child, end));
  }

  async #childEnded(child: Child, end: ChildEnd): Promise<void> {
    if (this.#quitting) return;
    // A process it left behind holds the devices.
    await child.terminate();
    if (this.#quitting) return;
    const left = await this.#lookLeft();
    if (this.#quitting) return;
    this.#told = true;
    const command = 'code' in end ? end.code : notStarted(end.failed);
    this.#engine?.send({ command: { cmd: 'quit', command, ...left }, cause: 'script' });
  }

  #send(message: ToEngine): void {
    const quits = 'command' in message && message.command.cmd === 'quit';
    if (!quits || !this.#child) {
      this.#engine?.send(message);
      return;
    }
    this.#quitting = true;
    void this.#child
      .terminate()
      .then(() => this.#lookLeft())
      .then((left) => this.#engine?.send({ ...message, command: { ...message.command, ...left } }));
  }

  /**
   * Processes outside its session are the user's and are left alone; that they hold the devices is reported while it is
   * visible.
   */
  async #lookLeft(): Promise<Pick<QuitCommand, 'left'>> {
    const wanted = this.#wanted;
    this.#wanted = null;
    if (wanted) this.#left = await this.#request.look(wanted, this.#since);
    if (this.#left.length === 0) return {};
    return {
      left: this.#left.map((holder) => {
        const device = holder.what.find((what) => what !== IOMMUFD);
        return { pid: holder.pid, text: this.#textOf(holder), ...(device === undefined ? {} : { device }) };
      }),
    };
  }

  #textOf(holder: Holder): string {
    return holderText(holder, joinLines(this.#request.argv[0] ?? ''));
  }

  /** The exit code: the command's, if it ended by itself. */
  #conclude(end: ChildEnd | null, code: number): number {
    if (!end) return code;
    const { say, argv, path, output } = this.#request;
    const name = joinLines(argv[0] ?? '');
    if ('failed' in end) {
      const there = end.failed === 'ENOENT' && existsSync(path) ? ' (of its interpreter, or of what that needs)' : '';
      say(`${name} could not be started: ${end.failed}${there}`);
      return notStarted(end.failed);
    }
    const where = output.path === null ? '' : `; its output is in ${joinLines(output.path)}`;
    if (output.path !== null || end.code !== 0) say(`${name} ended with ${end.code}${where}`);
    if (output.path !== null && end.code !== 0) for (const line of tailOf(output.path)) say(`  ${line}`);
    for (const holder of this.#left) say(`${this.#textOf(holder)}; end it to free them (kill ${holder.pid})`);
    const runs = this.#quitting || (end.code === Exit.DONE && (code === Exit.ERROR || code === Exit.EXPECT));
    const own = runs ? code : end.code;
    return own === Exit.DONE && this.#left.length > 0 ? Exit.LEFT_BEHIND : own;
  }
}
