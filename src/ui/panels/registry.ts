import type { Panel } from '../model/layout.ts';
import { detailPanel } from './detail/index.ts';
import { devicesPanel } from './devices/index.ts';
import { journalPanel } from './journal/index.ts';
import { ownerPanel } from './owner/index.ts';
import type { PanelModule } from './panel.ts';
import { pendingPanel } from './pending/index.ts';
import { rulesPanel } from './rules/index.ts';
import { statisticsPanel } from './statistics/index.ts';
import { streamPanel } from './stream/index.ts';
import { summaryPanel } from './summary/index.ts';

export const PANEL_MODULES: Record<Panel, PanelModule> = {
  summary: summaryPanel,
  owner: ownerPanel,
  devices: devicesPanel,
  pending: pendingPanel,
  stream: streamPanel,
  statistics: statisticsPanel,
  journal: journalPanel,
  rules: rulesPanel,
  detail: detailPanel,
};
