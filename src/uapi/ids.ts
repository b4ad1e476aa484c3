// Numbers that must not be mixed up: a cookie passed for a grpid answers another group.
declare const brand: unique symbol;
type Brand<N extends string> = number & { readonly [brand]: N };

export type Fd = Brand<'fd'>;
/** An iommufd object id of any kind. */
export type ObjectId = Brand<'object'> | DevId | StdevId | HwptId | IoasId | FaultId;
export type DevId = Brand<'dev'>;
export type StdevId = Brand<'stdev'>;
export type HwptId = Brand<'hwpt'>;
export type IoasId = Brand<'ioas'>;
export type FaultId = Brand<'fault'>;
/** The kernel's name for an outstanding group: the lowest free integer from 1, reused once answered. */
export type Cookie = Brand<'cookie'>;
/** The device's Page Request Group Index; never a key. */
export type Grpid = Brand<'grpid'>;
