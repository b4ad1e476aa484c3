// A PASID, or none: then it is the device itself. None is null; in arrays of numbers, and in CEL, it is NO_PASID.

export const NO_PASID = -1;

export const pasidOrNull = (stored: number): number | null => (stored < 0 ? null : stored);

export const storedPasid = (pasid: number | null | undefined): number => pasid ?? NO_PASID;
