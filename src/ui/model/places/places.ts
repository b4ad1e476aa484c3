// The places of all panels; pages are put together of panels, and know nothing else of them.
import type { Panel } from '../layout.ts';
import { detailPlace } from './detail.ts';
import { devicesPlace } from './devices.ts';
import { journalPlace } from './journal.ts';
import { ownerPlace } from './owner.ts';
import { pendingPlace } from './pending.ts';
import type { Place } from './place.ts';
import { rulesPlace } from './rules.ts';
import { statisticsPlace } from './statistics.ts';
import { streamPlace } from './stream.ts';

/** It only shows. */
const summaryPlace: Place = { panel: 'summary', move: (state) => state };

export const PLACES: Record<Panel, Place> = {
  summary: summaryPlace,
  owner: ownerPlace,
  devices: devicesPlace,
  pending: pendingPlace,
  stream: streamPlace,
  statistics: statisticsPlace,
  journal: journalPlace,
  rules: rulesPlace,
  detail: detailPlace,
};
