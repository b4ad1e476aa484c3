/** What a rule can do with a group. `map` maps memory at the faulting pages (an IOAS of ours) and then answers success. */
export const VERDICTS = ['success', 'invalid', 'map', 'hold'] as const;
