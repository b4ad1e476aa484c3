/** Exit codes of the program; signals are 128 + their number. */
export const Exit = {
  DONE: 0,
  ERROR: 1,
  USAGE: 2,
  UNANSWERED: 3,
  EXPECT: 4,
  UNKNOWN: 5,
  NOTHING: 6,
  LEFT_BEHIND: 7,
  SIGNAL: 128,
} as const;
