/** The notation of addresses: `0x7f00`. */
export const hex = (value: bigint): `0x${string}` => `0x${value.toString(16)}`;
