/** The scenario that runs if none is named. */
export const DEFAULT_SCENARIO = 'tour';
