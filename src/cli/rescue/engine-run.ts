// The engine of a rescue, as promises: what is known, the result of the command, and the end.
import type { EngineClient } from '../../engine/thread/client.ts';
import type { Command, DoneMessage, ErrorMessage, Snapshot, Summary } from '../../protocol/messages.ts';

/** A reply to us that is not the reply to a quit. */
const ID = 'rescue';

export class EngineRun {
  readonly #client: EngineClient;
  #waiting: ((result: Snapshot | DoneMessage | ErrorMessage | Summary) => void)[] = [];
  readonly #first: Promise<Snapshot | Summary>;
  summary: Summary | null = null;

  /** `say` gets progress messages; `complain` gets errors that no caller waits for. */
  constructor(client: EngineClient, say: (text: string) => void, complain: (error: ErrorMessage) => void) {
    this.#client = client;
    this.#first = this.#next() as Promise<Snapshot | Summary>;
    client.onMessage((message) => {
      if (message.type === 'flush') client.send({ control: 'seen', what: 'events' });
      else if (message.type === 'notice') say(message.text);
      else if (message.type === 'error' && message.id === null) complain(message);
      else if (message.type === 'summary') this.#end(message);
      else if (message.type === 'snapshot') this.#tell(message);
      else if ((message.type === 'done' || message.type === 'error') && message.id === ID) this.#tell(message);
    });
  }

  #next(): Promise<Snapshot | DoneMessage | ErrorMessage | Summary> {
    if (this.summary) return Promise.resolve(this.summary);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #tell(message: Snapshot | DoneMessage | ErrorMessage): void {
    this.#waiting.shift()?.(message);
  }

  #end(summary: Summary): void {
    this.summary = summary;
    for (const resolve of this.#waiting.splice(0)) resolve(summary);
  }

  /** What the engine saw at its start; the summary if it has already ended. */
  first(): Promise<Snapshot | Summary> {
    return this.#first;
  }

  /** The result of a command: a snapshot, `done`, an error; the summary if the run ends first. */
  ask(command: Command): Promise<Snapshot | DoneMessage | ErrorMessage | Summary> {
    const answer = this.#next();
    this.#client.send({ command: { ...command, id: ID }, cause: 'script' });
    return answer;
  }

  /** Ends the run; resolves when everything is undone. */
  async end(signal?: string): Promise<void> {
    const command: Command = signal === undefined ? { cmd: 'quit' } : { cmd: 'quit', signal };
    this.#client.send({ command, cause: 'script' });
    await this.#client.ended;
  }
}
