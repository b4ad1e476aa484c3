/** "group", "groups"; `many`: the plural of a word that does not just take an s. */
export const nounOf = (n: number, one: string, many = `${one}s`): string => (n === 1 ? one : many);

/** "1 group", "3 groups". */
export const plural = (n: number, one: string, many?: string): string => `${n} ${nounOf(n, one, many)}`;
