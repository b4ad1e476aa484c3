// What was given on the command line → what the engine is started with.
import {
  type AlarmThresholds,
  DEFAULT_ALARMS,
  DEFAULT_HISTORY,
  type EngineOptions,
  type TargetOptions,
} from '../engine/options.ts';
import type { ExitPlan, Rule, Verdict } from '../protocol/messages.ts';
import { DEFAULT_SCENARIO } from '../scenario/default.ts';
import type { Given, Value } from './parse.ts';

const numberOf = (value: Value | undefined, fallback: number): number => (typeof value === 'number' ? value : fallback);
const numberOrNull = (value: Value | undefined): number | null => (typeof value === 'number' ? value : null);
const textOrNull = (value: Value | undefined): string | null => (typeof value === 'string' ? value : null);

function targetOf(given: Given): TargetOptions {
  const seed = numberOf(given.seed, 1);
  const rate = numberOf(given.rate, 1);
  const scenario = textOrNull(given.scenario);
  if (given.backend !== 'selftest') {
    const virtualTime = given['virtual-time'] === true;
    const pauseAtMs = numberOrNull(given['pause-at']);
    return { kind: 'mock', scenario: scenario ?? DEFAULT_SCENARIO, seed, rate, virtualTime, pauseAtMs };
  }
  const devices = numberOf(given.devices, 1);
  const hwpt = given.hwpt === 'nested' ? 'nested' : 'paging';
  return { kind: 'selftest', devices, pasid: given.pasid === true, hwpt, scenario, seed, rate };
}

/** `--answer X` is the rule {then: X}. `hold` is what happens without any. */
function ruleOfAnswer(answer: string | null): Rule[] {
  return answer === null || answer === 'hold' ? [] : [{ name: `--answer ${answer}`, then: answer as Verdict }];
}

/** `events`: whether faults and answers are sent as they happen. `fileRules`: those of --rules or of the configuration. */
export function engineOptions(
  given: Given,
  fileRules: Rule[] | null,
  events: boolean,
  alarms: AlarmThresholds = DEFAULT_ALARMS,
): EngineOptions {
  const once = given.once === true;
  return {
    target: targetOf(given),
    rules: fileRules ?? ruleOfAnswer(textOrNull(given.answer)),
    onExit: (textOrNull(given['on-exit']) ?? 'hold') as ExitPlan,
    readOnly: given['read-only'] === true,
    dryRun: given['dry-run'] === true,
    alarms,
    history: numberOf(given.history, DEFAULT_HISTORY),
    journal: textOrNull(given.journal),
    events,
    until: {
      // --once takes its snapshot then and ends itself.
      durationMs: once ? null : numberOrNull(given.duration),
      groups: numberOrNull(given.count),
      idleMs: numberOrNull(given.idle),
    },
  };
}
