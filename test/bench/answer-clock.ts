// Shared between the two threads of the latency run: how many writes were answers, and when the last one was done.
const COUNT = 0;
const TIME_AT = 8;
const BYTES = 16;

/** Options of the engine, with a clock of answers that the worker sets. */
export interface WithClock {
  answerClock: SharedArrayBuffer;
}

export const newClock = (): SharedArrayBuffer => new SharedArrayBuffer(BYTES);

/** An answer was written just now. */
export function setClock(clock: SharedArrayBuffer): void {
  new BigInt64Array(clock, TIME_AT, 1)[0] = process.hrtime.bigint();
  const count = new Int32Array(clock, 0, 1);
  Atomics.add(count, COUNT, 1);
  Atomics.notify(count, COUNT);
}

export const answersSoFar = (clock: SharedArrayBuffer): number => Atomics.load(new Int32Array(clock, 0, 1), COUNT);

/** Waits for an answer beyond `seen`; returns when it was written. */
export function waitForAnswer(clock: SharedArrayBuffer, seen: number): bigint {
  const count = new Int32Array(clock, 0, 1);
  while (Atomics.load(count, COUNT) === seen) Atomics.wait(count, COUNT, seen);
  return new BigInt64Array(clock, TIME_AT, 1)[0] as bigint;
}
