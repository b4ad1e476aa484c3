import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { SCHEMA } from '../../src/protocol/schema.ts';

const ajv = new Ajv2020({
  allowUnionTypes: true,
  formats: { 'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/ },
});
ajv.addSchema(SCHEMA, 'iopftop');

const compiled = new Map<string, ValidateFunction>();
const validator = (ref: string): ValidateFunction => {
  const found = compiled.get(ref) ?? ajv.compile({ $ref: `iopftop${ref}` });
  compiled.set(ref, found);
  return found;
};

/** What is wrong with one line of the output, or null. */
export function messageProblem(value: { type?: unknown }): string | null {
  const validate = validator(`#/$defs/message-${String(value.type)}`);
  return validate(value) ? null : `${JSON.stringify(value)}: ${ajv.errorsText(validate.errors)}`;
}

/** What is wrong with one line of the journal, or null. */
export function entryProblem(value: unknown): string | null {
  const validate = validator('#/$defs/journalEntry');
  return validate(value) ? null : `${JSON.stringify(value)}: ${ajv.errorsText(validate.errors)}`;
}

/** What is wrong with what `iopftop rescue --json` printed, or null. */
export function rescueProblem(value: unknown): string | null {
  const validate = validator('#/$defs/rescue');
  return validate(value) ? null : `${JSON.stringify(value)}: ${ajv.errorsText(validate.errors)}`;
}

/** Is it a command, by the schema? */
export const isCommand = (value: unknown): boolean => validator('#/$defs/command')(value) as boolean;
/** Is it a line of the output, by the whole schema? */
export const isMessage = (value: unknown): boolean => validator('#')(value) as boolean;
