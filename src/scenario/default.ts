/** What runs where no scenario is named. */
export const DEFAULT_SCENARIO = 'tour';
