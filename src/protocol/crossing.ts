// Checks whether what came across a pipe is a message. Commands are checked as strictly as on stdin. A front end is tolerant: a
// newer engine may send fields that it does not know, and whole messages that it may skip.
import { isObject } from '../text/is-object.ts';
import { JsonNumber } from '../text/json.ts';
import { check, type Problem } from './check.ts';
import { type FromEngine, LOCAL } from './local.ts';
import { seen, sender, type ToEngine, windowRequest } from './requests.ts';
import { MESSAGES } from './schema.ts';
import type { Schema } from './schema-parts.ts';
import { checkCommand } from './validate.ts';

export type Crossed<T> = { message: T } | Problem;

const FROM_ENGINE: Readonly<Record<string, Schema>> = { ...MESSAGES, ...LOCAL };
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** A number as it was written, which an `id` may be. */
const isWritten = (id: unknown): id is { json: string } =>
  isObject(id) && Object.keys(id).length === 1 && typeof id.json === 'string' && NUMBER.test(id.json);

/** What a front end has received; `tolerant` of fields that it does not know. */
export function fromEngine(value: unknown, tolerant = true): Crossed<FromEngine> {
  const type = isObject(value) ? value.type : undefined;
  if (typeof type !== 'string' || !Object.hasOwn(FROM_ENGINE, type))
    return { problem: 'its "type" is missing or unknown', expected: `one of ${Object.keys(FROM_ENGINE).join(', ')}` };
  const { id } = value as { id?: unknown };
  const judged = isWritten(id) ? { ...(value as object), id: 0 } : value;
  return check(judged, FROM_ENGINE[type] as Schema, '', tolerant) ?? { message: value as FromEngine };
}

/** What an engine has received. */
export function toEngine(value: unknown): Crossed<ToEngine> {
  if (!isObject(value)) return { problem: 'it is not an object', expected: 'an object with "command" or "control"' };
  if (!Object.hasOwn(value, 'command')) {
    const schema = value.control === 'seen' ? seen : windowRequest;
    return check(value, schema, '') ?? { message: value as unknown as ToEngine };
  }
  const { command, cause, ...others } = value;
  const [other] = Object.keys(others);
  if (other !== undefined) return { problem: `unknown property ${JSON.stringify(other)}`, expected: 'command, cause' };
  const problem = check(cause, sender, 'cause');
  if (problem) return problem;
  const { id } = isObject(command) ? command : { id: undefined };
  const checked = checkCommand(isWritten(id) ? { ...(command as object), id: new JsonNumber(id.json) } : command);
  return checked.ok ? { message: { command: checked.command, cause: cause as 'key' } } : checked;
}
