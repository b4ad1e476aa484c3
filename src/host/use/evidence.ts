// The input of the search for users of a device, and its results.
import type { DeviceInfo } from '../device-info.ts';
import type { Openers } from '../openers.ts';
import type { Reading } from '../reading.ts';
import type { Below } from './below.ts';

/** What must be known about a device for it. */
export type Used = Pick<DeviceInfo, 'path' | 'address' | 'driver' | 'vfio' | 'group'>;

export interface Evidence {
  /** Who uses it, in words, one for each use. */
  readonly seen: readonly string[];
  /** Possible uses that cannot be seen from here, in words; they count as uses. */
  readonly unseen: readonly string[];
}

/** One device, and where to search. */
export interface Case {
  readonly reading: Reading;
  readonly device: Used;
  /** Six digits; '' if it has none. */
  readonly classCode: string;
  readonly below: Below;
  readonly openers: Openers;
}

export const NONE: Evidence = { seen: [], unseen: [] };
export const seen = (...words: string[]): Evidence => ({ seen: words, unseen: [] });
export const unseen = (...words: string[]): Evidence => ({ seen: [], unseen: words });

/** All of it, each once. */
export const all = (parts: readonly Evidence[]): Evidence => ({
  seen: [...new Set(parts.flatMap((part) => part.seen))],
  unseen: [...new Set(parts.flatMap((part) => part.unseen))],
});
