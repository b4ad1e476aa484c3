// kill -9 in any call of a run that took devices from their drivers, and of the start that undoes it: whichever starts next
// gives them back.
import { expect, it } from 'vitest';
import type { Kernel } from '../../../src/kernel/kernel.ts';
import type { Machine } from '../../../src/kernel/sim/machine/machine.ts';
import { SimKernel } from '../../../src/kernel/sim/sim.ts';
import type { HostOptions } from '../../../src/sources/options.ts';
import { recoverAbandoned } from '../../../src/sources/undo/recover.ts';
import { rig } from '../../engine/fixture.ts';
import { LONG_TOO } from '../../helpers/long.ts';
import { standIn } from '../../helpers/stand-in.ts';
import { bindingOf, machine, openOn, PLACE } from '../vfio/host-fixture.ts';

const DSA = '0000:17:00.0';
const IDXD = ['0000:17:01.0', '0000:17:05.0'];
const OPTIONS: Partial<HostOptions> = { devices: [DSA, ...IDXD], bind: true, pasids: [3] };

class Killed extends Error {}

/** A process that dies in its nth call of the kernel: before it, or once it is done. */
class Mortal {
  readonly kernel: Kernel;
  #left: number;
  readonly #done: boolean;
  dead = false;

  constructor(kernel: SimKernel, nth: number, done: boolean) {
    this.#left = nth;
    this.#done = done;
    this.kernel = this.#over<Kernel>(kernel, { files: this.#over(kernel.files) });
  }

  #over<T extends object>(all: T, parts: Partial<Record<keyof T, unknown>> = {}): T {
    return new Proxy(standIn(all, parts), {
      get: (object, name) => {
        const value: unknown = object[name as keyof T];
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => this.#call(() => (value as (...all: unknown[]) => unknown)(...args));
      },
    });
  }

  #call(call: () => unknown): unknown {
    if (this.dead) throw new Killed();
    this.dead = --this.#left === 0;
    if (this.dead && !this.#done) throw new Killed();
    const result = call();
    if (this.dead) throw new Killed();
    return result;
  }

  /** What it does, or as far as it comes. */
  live(act: () => void): void {
    try {
      act();
    } catch (error) {
      // What it threw while it was dying, nobody hears.
      if (!this.dead) throw error;
    }
  }
}

const bindings = ({ files }: Machine): string[] =>
  [DSA, ...IDXD].map((address) => [address, ...bindingOf(files, address)].join(' '));

/** A run with a replace and an answer; returns whether it died. */
function run(made: Machine, nth: number, done: boolean): boolean {
  const kernel = new SimKernel({ machine: made });
  const mortal = new Mortal(kernel, nth, done);
  mortal.live(() => {
    const r = rig({ on: openOn(mortal.kernel, OPTIONS) });
    r.session.step(0);
    r.session.command({ cmd: 'replace', devId: r.devId(), hwpt: 'new-nested' }, 'key');
    r.session.step(0);
    r.session.close();
  });
  kernel.closeAll();
  return mortal.dead;
}

/** The start after it, which undoes; returns whether that died, too. */
function recover(made: Machine, nth: number, done: boolean): boolean {
  const kernel = new SimKernel({ machine: made });
  const mortal = new Mortal(kernel, nth, done);
  mortal.live(() => void recoverAbandoned(mortal.kernel, PLACE));
  kernel.closeAll();
  return mortal.dead;
}

it.each([
  ['before its nth call', false],
  ['once its nth call is done', true],
])('killed %s: the next start gives every device back', { timeout: 3_600_000 }, (_, done) => {
  const before = bindings(machine().machine);
  const states = new Set<string>();
  let nth = 1;
  for (let dies = true; dies; nth += LONG_TOO ? 1 : 8) {
    const { machine: made } = machine();
    dies = run(made, nth, done);
    states.add(bindings(made).join());
    for (let m = 1; recover(made, m, done); m += 7);
    expect([nth, ...bindings(made)]).toEqual([nth, ...before]);
    expect(recoverAbandoned(new SimKernel({ machine: made }), PLACE)).toEqual([]);
    const left = made.files.list('/run').includes('iopftop') ? made.files.list('/run/iopftop') : [];
    expect([nth, ...left]).toEqual([nth]);
  }
  // It was taken in the midst of much.
  expect(nth).toBeGreaterThan(100);
  expect(states.size).toBeGreaterThan(4);
});
