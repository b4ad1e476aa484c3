// Do an engine and a front end of different versions understand each other? `hello` says which versions of the messages the
// engine speaks. Within a version, messages, fields and values may be added: a reader skips what it does not know. The
// version increases when something existing changes its form or its meaning.
import type { Hello } from './run.ts';

/** Versions of the messages: the newest that a side speaks, and the oldest that it still does. */
export interface Spoken {
  readonly max: number;
  readonly min: number;
}

export const SPOKEN: Spoken = { min: 1, max: 1 };

/** One end: the version of its iopftop, and of the messages. */
export interface Side {
  readonly iopftop: string;
  readonly speaks: Spoken;
}

/** The version that both speak, or why there is none and what to do about it. */
export type Agreement = { version: number } | { refusal: string; hint: string };

/** The engine's end, as its first message says. One that does not say it is of the first version. */
export const engineSide = ({ version, speaks }: Pick<Hello, 'version' | 'speaks'>): Side => ({
  iopftop: version,
  speaks: speaks ?? { min: 1, max: 1 },
});

const versions = ({ min, max }: Spoken): string => (min === max ? `version ${max}` : `versions ${min} to ${max}`);
const sound = ({ min, max }: Spoken): boolean =>
  Number.isSafeInteger(min) && Number.isSafeInteger(max) && min >= 1 && min <= max;

/** The newest version that both sides speak. */
export function negotiate(engine: Side, frontEnd: Side): Agreement {
  for (const [name, { speaks }] of [
    ['engine', engine],
    ['front end', frontEnd],
  ] as const) {
    if (sound(speaks)) continue;
    const refusal = `the ${name} says that it speaks versions ${speaks.min} to ${speaks.max} of the messages, which is impossible`;
    return { refusal, hint: `update iopftop where the ${name} runs` };
  }
  const version = Math.min(engine.speaks.max, frontEnd.speaks.max);
  if (version >= Math.max(engine.speaks.min, frontEnd.speaks.min)) return { version };
  const older = engine.speaks.max < frontEnd.speaks.max ? 'engine' : 'front end';
  const [old, recent] = older === 'engine' ? [engine, frontEnd] : [frontEnd, engine];
  const newer = older === 'engine' ? 'front end' : 'engine';
  return {
    refusal:
      `the ${older} is too old: it is iopftop ${old.iopftop} and speaks ${versions(old.speaks)} of the messages, ` +
      `the ${newer} is iopftop ${recent.iopftop} and speaks ${versions(recent.speaks)}`,
    hint: `install iopftop ${recent.iopftop} where the ${older} runs, or use iopftop ${old.iopftop} where the ${newer} runs`,
  };
}
