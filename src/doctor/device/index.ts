// The checks of one device, in the order of the chain.
import type { CheckGroup } from '../check.ts';
import { BINDING } from './binding.ts';
import { CAPABILITIES } from './capabilities.ts';
import type { DeviceGround } from './ground.ts';
import { IDENTITY } from './identity.ts';
import { NO_TRIAL, TRIAL } from './trial-checks.ts';

export const deviceChecks = (trial: boolean): readonly CheckGroup<DeviceGround>[] => [
  IDENTITY,
  CAPABILITIES,
  BINDING,
  trial ? TRIAL : NO_TRIAL,
];
