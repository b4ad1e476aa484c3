// One option of the command line, as the table describes it.

/** How a value is written. `text` is taken as it is. */
export type OptionKind = 'flag' | 'choice' | 'text' | 'integer' | 'number' | 'duration';

export interface Option {
  readonly name: string;
  readonly alias?: string;
  readonly kind: OptionKind;
  /** Placeholder of the value in the help. */
  readonly value?: string;
  readonly choices?: readonly string[];
  /** Values that one may expect here, and why they cannot be given: for the message alone. */
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
  /** Other options that this one makes no sense without one of: their names, and the value where that matters. */
  readonly needs?: readonly Need[];
  /** It may stand in the configuration file: at its top, or in a table of it. */
  readonly config?: 'top' | 'alarms';
  /** What its value names. In the configuration file a path counts from there. */
  readonly names?: 'file' | 'scenario';
}

export interface Need {
  readonly name: string;
  readonly value?: string;
}

/** A flag that a configuration file may set can be unset on the command line: `--mouse=false`. */
export const canBeFalse = ({ kind, config }: Option): boolean => kind === 'flag' && config !== undefined;
