// What a fault asks for, as bits and as names: iommu_hwpt_pgfault.perm.

/** enum iommu_hwpt_pgfault_perm: IOMMU_PGFAULT_PERM_*. */
export const PgfaultPerm = { READ: 1, WRITE: 2, EXEC: 4, PRIV: 8 } as const;

/** By bit, the lowest first. */
export const PERM_WORDS = ['read', 'write', 'exec', 'priv'] as const;
export type PermWord = (typeof PERM_WORDS)[number];

export const permWords = (bits: number): PermWord[] => PERM_WORDS.filter((_, bit) => bits & (1 << bit));

export const permBit = (word: string): number => (1 << (PERM_WORDS as readonly string[]).indexOf(word)) & 0xf;

export const permBits = (words: readonly string[]): number => words.reduce((bits, word) => bits | permBit(word), 0);
