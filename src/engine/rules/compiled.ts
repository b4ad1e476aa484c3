// The conditions of a run, compiled once.
import type { EngineOptions } from '../options.ts';
import { compileExpectations, type Judge } from './expectations.ts';
import { type CompiledRule, compileRules } from './rules.ts';

export interface Compiled {
  readonly rules: CompiledRule[];
  readonly expectations: readonly Judge[];
}

/** Throws RuleError and ExpectError. */
export const compileAll = ({ rules, expect = [] }: Pick<EngineOptions, 'rules' | 'expect'>): Compiled => ({
  rules: compileRules(rules),
  expectations: compileExpectations(expect),
});
