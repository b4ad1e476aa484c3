// What a run currently has of other processes, according to its journal entries: repeated if the journal's file was emptied.
import type { JournalEntry } from '../../protocol/messages.ts';

const MOST = 64;

export class Had {
  #start: JournalEntry | null = null;
  #stopped = false;
  readonly #taken = new Set<number>();
  readonly #bound = new Set<string>();
  readonly #givers = new Set<number>();

  note(entry: JournalEntry): void {
    const { action, pid, queue, device } = entry;
    switch (action) {
      case 'start':
        this.#start = entry;
        if (Array.isArray(entry.taken)) for (const taken of entry.taken) this.#taken.add(taken as number);
        return;
      case 'taken':
        change(this.#taken, queue, true);
        return;
      case 'queue-closed':
        change(this.#taken, queue, false);
        return;
      case 'stopped':
      case 'continued':
        this.#stopped = action === 'stopped';
        return;
      case 'bound':
      case 'restored':
        change(this.#bound, device, action === 'bound');
        return;
      case 'connected':
      case 'disconnected':
        change(this.#givers, pid, action === 'connected');
    }
  }

  /** null: nothing has started. */
  restated(t: number): JournalEntry | null {
    if (this.#start === null) return null;
    const { taken: _, ...start } = this.#start;
    const some = <T>(name: string, of: ReadonlySet<T>) => (of.size > 0 ? { [name]: [...of] } : {});
    return {
      ...start,
      t,
      action: 'running',
      ...some('taken', this.#taken),
      ...(this.#stopped ? { stopped: true } : {}),
      ...some('bound', this.#bound),
      ...some('givers', this.#givers),
    };
  }
}

function change<T>(of: Set<T>, name: unknown, is: boolean): void {
  if (name === undefined) return;
  if (!is) of.delete(name as T);
  else if (of.size < MOST) of.add(name as T);
}
