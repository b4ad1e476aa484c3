// The panels by name: pages are put together of these, and know nothing else of them.
import type { ComponentType } from 'react';
import type { Panel } from '../model/layout.ts';
import { DetailPanel } from './detail/index.tsx';
import { DevicesPanel } from './devices/index.tsx';
import { JournalPanel } from './journal/index.tsx';
import { OwnerPanel } from './owner/index.tsx';
import type { PanelProps } from './panel.tsx';
import { PendingPanel } from './pending/index.tsx';
import { RulesPanel } from './rules/index.tsx';
import { StatisticsPanel } from './statistics/index.tsx';
import { StreamPanel } from './stream/index.tsx';
import { SummaryPanel } from './summary/index.tsx';

export const PANELS: Record<Panel, ComponentType<PanelProps>> = {
  summary: SummaryPanel,
  owner: OwnerPanel,
  devices: DevicesPanel,
  pending: PendingPanel,
  stream: StreamPanel,
  statistics: StatisticsPanel,
  journal: JournalPanel,
  rules: RulesPanel,
  detail: DetailPanel,
};
