// What a journal says of the run before: whether it came to its end.

/** The last run of a journal, where it has no `end`. */
export interface FormerRun {
  /** ISO 8601, as it wrote it. */
  readonly startedAt: string;
  /** Of its last whole entry, in seconds since then. */
  readonly lastT: number;
}

const parsed = (line: string): Record<string, unknown> | null => {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
};

/** `text`: the end of a journal, which may begin and end within a line. null: it ended in order, or that is not known. */
export function unfinishedRun(text: string): FormerRun | null {
  const lines = text.split('\n');
  let lastT: number | null = null;
  for (let i = lines.length - 1; i >= 0; i--) {
    const entry = parsed(lines[i] as string);
    if (entry === null) continue;
    if (entry.action === 'end') return null;
    if (lastT === null && typeof entry.t === 'number') lastT = entry.t;
    if (entry.action !== 'start') continue;
    return typeof entry.startedAt === 'string' ? { startedAt: entry.startedAt, lastT: lastT ?? 0 } : null;
  }
  return null;
}

/** What matters first: a screen shows as much as fits. */
export const unfinishedText = ({ startedAt, lastT }: FormerRun): string =>
  `the run before was killed, or goes on: it has no end in this journal (started ${startedAt}, last entry ${lastT} s later); ` +
  'what was outstanding when it was killed, the kernel answered INVALID';
