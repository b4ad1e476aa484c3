// What can be done where the faults come from, and why something cannot: in one place, for keys, palette, dialogs and commands.
import type { Command } from './commands.ts';
import type { Abilities } from './run.ts';

export type Ability = keyof Abilities;

/** The action: a command, or `map`, which is a `respond`. */
export type Act = Exclude<Command['cmd'], 'snapshot' | 'quit'> | 'map';

const NEEDS: Record<Act, Ability> = {
  respond: 'answer',
  policy: 'answer',
  map: 'map',
  attach: 'attach',
  replace: 'attach',
  detach: 'attach',
  trigger: 'trigger',
  take: 'owner',
  rescue: 'owner',
  stop: 'owner',
  continue: 'owner',
};

/** Its target, as far as known. */
export interface Whose {
  /** Name of the device. */
  readonly device?: string | undefined;
  /** Process that owns the queues (--pid). */
  readonly pid?: number | undefined;
}

/** Why it cannot be done, and what to do. */
export interface Inability {
  readonly message: string;
  readonly hint: string;
}

/** For a device that is not a selftest device. */
export const noMockDevice = (device: string): Inability => ({
  message: `${device} cannot be made to fault: only mock devices of a kernel with CONFIG_IOMMUFD_TEST can`,
  hint: 'it faults by itself when it touches a page that is not mapped',
});

/** Null: it can be done. */
export function inability(
  abilities: Abilities,
  act: Act,
  { device = 'the device', pid }: Whose = {},
): Inability | null {
  const ability = NEEDS[act];
  if (abilities[ability]) return null;
  if (ability === 'owner') return { message: `${act}: not watching another process`, hint: 'start with --pid' };
  if (pid !== undefined && ability !== 'answer') {
    const hint = 'its queues can only be read and answered';
    return { message: `${act}: the devices belong to PID ${pid}`, hint };
  }
  if (!abilities.answer) {
    const hint = 'start with --device, --pid or --listen to have queues to answer';
    return { message: `${act}: faults are only watched here; they are answered elsewhere`, hint };
  }
  if (ability === 'trigger') {
    return noMockDevice(device);
  }
  return {
    message: `${act}: the devices do not belong to iopftop`,
    hint: 'start with --device to have devices of your own',
  };
}

export const can = (abilities: Abilities, act: Act): boolean => inability(abilities, act) === null;
