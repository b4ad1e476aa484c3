// What the lab changes in the kernel's source before it builds it. None of it touches iommufd's logic: the first three
// let the selftest driver be built for User-Mode Linux, the last two give it things to say. Each edit names the text it
// replaces, which has to be there exactly once, so that another kernel version fails aloud and not silently.
import { readFileSync } from 'node:fs';

const here = new URL('.', import.meta.url);

/**
 * @typedef {{file: string, why: string} & ({find: string, replace: string} | {append: string})} Edit
 * @type {Edit[]}
 */
export const edits = [
  {
    file: 'drivers/iommu/iommufd/Kconfig',
    why: 'IOMMU_IOPF is selected by hardware drivers only; the selftest driver calls into it all the same',
    find: '\tselect DMA_SHARED_BUFFER\n\tselect IOMMUFD_DRIVER\n\tdefault n\n',
    replace: '\tselect DMA_SHARED_BUFFER\n\tselect IOMMUFD_DRIVER\n\tselect IOMMU_IOPF\n\tdefault n\n',
  },
  {
    file: 'drivers/iommu/generic_pt/Kconfig',
    why: 'make GENERIC_PT selectable where no hardware IOMMU driver selects it',
    find: '\tbool "Generic Radix Page Table" if COMPILE_TEST\n',
    replace: '\tbool "Generic Radix Page Table"\n',
  },
  {
    file: 'drivers/iommu/iommu.c',
    why: 'the mock IOMMU has no identity domain, which is forced where IOMMU_DMA is off (ARCH=um)',
    find: '\t\tif (!driver_type)\n\t\t\tdriver_type = IOMMU_DOMAIN_IDENTITY;\n',
    replace: '',
  },
  {
    file: 'drivers/iommu/iommufd/selftest.c',
    why: 'TRIGGER_IOPF with the top bit of perm set reports a fault without LAST_PAGE: groups of several records',
    find: '\tevent.fault.prm.perm = cmd->trigger_iopf.perm;\n',
    replace:
      '\tevent.fault.prm.perm = cmd->trigger_iopf.perm & ~BIT(31);\n' +
      '\tif (cmd->trigger_iopf.perm & BIT(31))\n' +
      '\t\tevent.fault.prm.flags &= ~IOMMU_FAULT_PAGE_REQUEST_LAST_PAGE;\n',
  },
  {
    file: 'drivers/iommu/iommufd/selftest.c',
    why: 'VFIO character devices over mock devices: the whole hardware path on fault-capable devices',
    append: readFileSync(new URL('vfio-mock.c', here), 'utf8'),
  },
];
