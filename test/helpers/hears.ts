import type { DeviceBehaviour } from '../../src/scenario/behaviour.ts';

/** A device that does nothing by itself and hears what it is answered. */
export const hears = (onResponse: DeviceBehaviour['onResponse']): DeviceBehaviour => ({
  start() {},
  nextDue: () => undefined,
  tick() {},
  onResponse,
});
