// One option of the command line, as the table describes it.

/** The syntax of a value. `text` is taken as it is. */
export type OptionKind = 'flag' | 'choice' | 'text' | 'integer' | 'number' | 'duration';

export interface Option {
  readonly name: string;
  readonly alias?: string;
  readonly kind: OptionKind;
  /** Placeholder of the value in the help. */
  readonly value?: string;
  readonly choices?: readonly string[];
  /** Values that a user may expect here, and why they are refused; only for the message. */
  readonly refused?: { readonly [value: string]: string } & { readonly hint: string };
  /** As the user would write it; shown in the help. */
  readonly default?: string;
  /** A value to show where there is no default. */
  readonly example?: string;
  readonly min?: number;
  readonly max?: number;
  readonly describe: string;
  readonly group: string;
  /** Options that cannot be given with this one. */
  readonly conflicts?: readonly string[];
  /** It may be given several times. */
  readonly many?: true;
  /** Options of which this one needs at least one: their names, and the value where it matters. */
  readonly needs?: readonly Need[];
  /** Allowed in the configuration file: at its top, or in one of its tables. */
  readonly config?: 'top' | 'alarms';
  /** What its value names. A path in the configuration file is relative to that file. */
  readonly names?: 'file' | 'scenario';
}

export interface Need {
  readonly name: string;
  readonly value?: string;
}

/** A flag that a configuration file may set can be unset on the command line: `--mouse=false`. */
export const canBeFalse = ({ kind, config }: Option): boolean => kind === 'flag' && config !== undefined;
