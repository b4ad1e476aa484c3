import { asIommufdError, ImpossibleResult, IommufdError } from '../iommufd/error.ts';
import type { CommandId, ErrorMessage } from '../protocol/messages.ts';
import { TargetRefusal } from '../sources/target.ts';
import { RuleError } from './rules/rules.ts';

/** A command that cannot be carried out, in words for whoever gave it. */
export class CommandError extends Error {
  readonly kind: ErrorMessage['kind'];
  readonly hint: string | null;

  constructor(kind: ErrorMessage['kind'], message: string, hint: string | null = null) {
    super(message);
    this.name = 'CommandError';
    this.kind = kind;
    this.hint = hint;
  }
}

/** What the kernel or the target can say, and what can be wrong with a command; anything else is a bug. */
export const isExpected = (thrown: unknown): thrown is Error => {
  const error = asIommufdError(thrown);
  return [IommufdError, ImpossibleResult, TargetRefusal, CommandError, RuleError].some((kind) => error instanceof kind);
};

/** An expected failure as an error event. Anything else is a bug and is thrown again. */
export function complaint(thrown: unknown, t: number, id: CommandId | null): ErrorMessage {
  const error = asIommufdError(thrown);
  const base = { type: 'error', t, id, operation: null, errno: null } as const;
  if (error instanceof IommufdError) {
    const { operation, errnoName, message, hint } = error;
    return { ...base, kind: 'kernel', operation, errno: errnoName, message, hint };
  }
  if (error instanceof ImpossibleResult) return { ...base, kind: 'kernel', message: error.message, hint: error.hint };
  if (error instanceof TargetRefusal || error instanceof CommandError) {
    return { ...base, kind: error.kind, message: error.message, hint: error.hint };
  }
  if (error instanceof RuleError) return { ...base, kind: 'usage', message: error.message, hint: error.hint };
  throw error;
}
