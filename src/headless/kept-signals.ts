// Catches signals from before the engine starts: those that arrive before anybody listens are kept for the listener.
import { constants } from 'node:os';
import { heeded } from '../inherited.ts';
import { Exit } from '../protocol/exit.ts';
import { SIGNALS, type Signal, type SignalSource } from './headless.ts';

export class KeptSignals implements SignalSource {
  readonly #listeners = new Map<Signal, Set<() => void>>(SIGNALS.map((signal) => [signal, new Set()]));
  #kept: Signal | null = null;

  constructor() {
    for (const signal of heeded(SIGNALS)) process.on(signal, () => this.#come(signal));
  }

  #come(signal: Signal): void {
    const listeners = this.#listeners.get(signal) as Set<() => void>;
    for (const listener of [...listeners]) listener();
    if (listeners.size > 0) return;
    // A second signal does not wait for what may hang; the kernel answers what is outstanding.
    if (this.#kept !== null) process.exit(Exit.SIGNAL + constants.signals[signal]);
    this.#kept = signal;
  }

  /** A signal that has already arrived is delivered soon. */
  on(signal: Signal, listener: () => void): void {
    this.#listeners.get(signal)?.add(listener);
    if (this.#kept !== signal) return;
    this.#kept = null;
    setImmediate(() => this.#listeners.get(signal)?.has(listener) && listener());
  }

  off(signal: Signal, listener: () => void): void {
    this.#listeners.get(signal)?.delete(listener);
  }
}
