// Checks whether a value from stdin or from a pipe is a command.

import { isObject } from '../text/is-object.ts';
import { JsonNumber } from '../text/json.ts';
import { nearest } from '../text/nearest.ts';
import { check, show } from './check.ts';
import { COMMANDS, type Command } from './commands.ts';
import type { Schema } from './schema-parts.ts';
import type { CommandId } from './terms.ts';

export type Checked = { ok: true; command: Command } | { ok: false; problem: string; expected: string };

/** The `id` of a command, as it is sent back; null: it has no valid one. */
export function commandId(id: unknown): CommandId | null {
  if (id instanceof JsonNumber) return id.isWhole ? { json: id.text } : null;
  return typeof id === 'string' || Number.isSafeInteger(id) ? (id as string | number) : null;
}

/** Is `value` a command? If not, what is wrong with it and what was expected. */
export function checkCommand(value: unknown): Checked {
  const commands = Object.keys(COMMANDS);
  const known = `{"cmd": ...} with one of ${commands.join(', ')}`;
  if (!isObject(value)) return { ok: false, problem: `${show(value)} is not an object`, expected: known };
  const { cmd } = value;
  if (typeof cmd !== 'string') return { ok: false, problem: '"cmd" is missing or not a string', expected: known };
  const schema = Object.hasOwn(COMMANDS, cmd) ? (COMMANDS as Record<string, Schema>)[cmd] : undefined;
  if (!schema) {
    const guess = nearest(cmd, commands);
    return { ok: false, problem: `unknown command ${show(cmd)}`, expected: guess ? `did you mean ${guess}?` : known };
  }
  const id = commandId(value.id);
  // A whole number of any size is an integer to the schema.
  const problem = check(id === null || typeof id !== 'object' ? value : { ...value, id: 0 }, schema, '');
  if (problem) return { ok: false, ...problem };
  return { ok: true, command: (id === null ? value : { ...value, id }) as unknown as Command };
}
