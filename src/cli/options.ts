// The one table of options: the parser, the help, the man page, the completions, the configuration file and its schema are
// made from it.
import type { Option } from './option.ts';
import { FAULT_OPTIONS } from './options/faults.ts';
import { RUN_OPTIONS } from './options/run.ts';

export type { Option };

export const OPTIONS = [...FAULT_OPTIONS, ...RUN_OPTIONS] as const;

export type OptionName = (typeof OPTIONS)[number]['name'];

/** The same table, seen through its interface. */
export const TABLE: readonly Option[] = OPTIONS;

/** Those allowed in the configuration file. */
export const CONFIGURABLE: readonly Option[] = TABLE.filter((option) => option.config !== undefined);
