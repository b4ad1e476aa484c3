// The checks of the host, in the order of the chain.
import type { CheckGroup } from '../check.ts';
import type { HostGround } from './ground.ts';
import { INTERRUPTS } from './interrupts.ts';
import { IOMMU } from './iommu.ts';
import { KERNEL } from './kernel.ts';
import { MODULES } from './modules.ts';
import { NODES } from './nodes.ts';
import { PRIVILEGES } from './privileges.ts';

export const HOST_CHECKS: readonly CheckGroup<HostGround>[] = [KERNEL, MODULES, IOMMU, NODES, PRIVILEGES, INTERRUPTS];
