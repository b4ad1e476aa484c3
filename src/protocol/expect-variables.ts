// The variables of --expect: the numbers of the summary, by their names there. Data only.

import type { FactsOf, FilterVariable } from './filter-variables.ts';
import type { Summary } from './run.ts';

export const SUMMARY_VARIABLES = [
  { name: 'faults', type: 'int', meaning: 'records read' },
  { name: 'groups', type: 'int', meaning: 'groups read' },
  { name: 'pending', type: 'int', meaning: 'groups still unanswered when the queues were closed' },
  { name: 'success', type: 'int', meaning: 'groups answered SUCCESS' },
  { name: 'invalid', type: 'int', meaning: 'groups answered INVALID by iopftop' },
  { name: 'unseen', type: 'int', meaning: "another process's groups, answered without having been seen here" },
  { name: 'auto', type: 'int', meaning: 'groups that the kernel answered itself' },
  { name: 'refused', type: 'int', meaning: 'commands and answers that were refused' },
  { name: 'repeated', type: 'int', meaning: 'groups with the same device, PASID and page as an earlier one' },
  { name: 'evicted', type: 'int', meaning: 'records dropped from the history' },
  { name: 'dropped', type: 'int', meaning: 'records that a slow reader of the stream did not get' },
  { name: 'outstanding', type: 'int', meaning: 'groups without an answer when the run ended, before the exit plan' },
  { name: 'answeredAtExit', type: 'int', meaning: 'outstanding groups that the exit plan answered' },
  { name: 'gone', type: 'int', meaning: 'outstanding groups that the kernel had answered' },
  {
    name: 'unanswered',
    type: 'int',
    meaning: 'outstanding groups left unanswered: if there are any, the exit code is 3',
  },
  { name: 'answers', type: 'int', meaning: 'answers with a read-to-answer time' },
  { name: 'p50Ns', type: 'int', meaning: 'read-to-answer time in nanoseconds, median; 0 without answers' },
  { name: 'p95Ns', type: 'int', meaning: '95th percentile' },
  { name: 'p99Ns', type: 'int', meaning: '99th percentile' },
  { name: 'maxNs', type: 'int', meaning: 'longest read-to-answer time' },
  { name: 'elapsedMs', type: 'int', meaning: 'milliseconds since the start' },
] as const satisfies readonly FilterVariable[];

type Name = (typeof SUMMARY_VARIABLES)[number]['name'];

/** The values, as plain numbers. */
export function summaryValues({
  t,
  counters,
  latency,
  outstanding,
}: Omit<Summary, 'type' | 'reason'>): Record<Name, number> {
  const { groups, answered, gone = 0 } = outstanding;
  const { count: answers, ...times } = latency;
  return {
    ...counters,
    outstanding: groups,
    answeredAtExit: answered,
    gone,
    unanswered: groups - answered - gone,
    answers,
    ...times,
    elapsedMs: Math.floor(t * 1_000),
  };
}

/** The same as CEL takes them. */
export const summaryFacts = (values: Record<Name, number>): FactsOf<typeof SUMMARY_VARIABLES> =>
  Object.fromEntries(SUMMARY_VARIABLES.map(({ name }) => [name, BigInt(Math.round(values[name]))])) as FactsOf<
    typeof SUMMARY_VARIABLES
  >;
