// What a command or a rule needs from the source: it is there, or the command is refused.
import { type Act, inability } from '../protocol/abilities.ts';
import { abilitiesOf } from '../sources/source.ts';
import { Refusal } from '../text/refusal.ts';
import type { EngineState } from './state.ts';

/** Throws Refusal if `ability`, the source's object for `act`, is not there. `devId`: the target. */
export function able<T>(state: EngineState, act: Act, ability: T | null, devId?: number): T {
  if (ability !== null) return ability;
  const { source } = state;
  const device = devId === undefined ? undefined : state.deviceName(devId);
  const why = inability(abilitiesOf(source), act, { device, pid: source.owner?.pid });
  throw new Refusal('refused', why?.message ?? `${act} cannot be done here`, why?.hint ?? null);
}
