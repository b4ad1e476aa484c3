// The command line → the options that the engine starts with.
import {
  type AlarmThresholds,
  DEFAULT_ALARMS,
  DEFAULT_HISTORY,
  type EngineOptions,
  type MockPlay,
  type SourceOptions,
} from '../engine/options.ts';
import type { ExitPlan, Rule, Verdict } from '../protocol/messages.ts';
import { DEFAULT_SCENARIO } from '../scenario/default.ts';
import type { Given, Value } from './given.ts';
import { parseDeviceFd, parseRange, parseSocketPath } from './values.ts';

const numberOf = (value: Value | undefined, fallback: number): number => (typeof value === 'number' ? value : fallback);
const numberOrNull = (value: Value | undefined): number | null => (typeof value === 'number' ? value : null);
const textOrNull = (value: Value | undefined): string | null => (typeof value === 'string' ? value : null);

const listOf = (value: Value | undefined): readonly (string | number)[] => (Array.isArray(value) ? value : []);
const textsOf = (value: Value | undefined): string[] => listOf(value).map(String);
const numbersOf = (value: Value | undefined): number[] => listOf(value).map(Number);

function mockOf(given: Given): MockPlay {
  return {
    scenario: textOrNull(given.scenario) ?? DEFAULT_SCENARIO,
    seed: numberOf(given.seed, 1),
    rate: numberOf(given.rate, 1),
    virtualTime: given['virtual-time'] === true,
    pauseAtMs: numberOrNull(given['pause-at']),
  };
}

function sourceOf(given: Given): SourceOptions {
  const pasids = numbersOf(given.pasid);
  const hwpt = given.hwpt === 'nested' ? 'nested' : 'paging';
  const names = textsOf(given.device);
  if (given.backend !== 'selftest' && names.length > 0) {
    return {
      kind: 'host',
      mock: given.backend === 'mock' ? mockOf(given) : null,
      devices: names,
      bind: given.bind === true,
      force: textsOf(given.force),
      hwpt,
      pasids,
      ranges: textsOf(given.iova).map((text) => parseRange(text, '--iova')),
      withoutFaults: given['without-faults'] === true,
      recover: given['read-only'] !== true,
    };
  }
  if (given.backend === 'host') return otherProcess(given);
  if (given.backend !== 'selftest') return { kind: 'mock', ...mockOf(given) };
  const { seed, rate } = mockOf(given);
  const devices = numberOf(given.devices, 1);
  return { kind: 'selftest', devices, pasids, hwpt, scenario: textOrNull(given.scenario), seed, rate };
}

function otherProcess(given: Given): SourceOptions {
  if (typeof given.pid === 'number') {
    return { kind: 'process', pid: given.pid, take: given.take === true, recover: given['read-only'] !== true };
  }
  return {
    kind: 'handed',
    faultFds: numbersOf(given['fault-fd']),
    iommufd: numberOrNull(given.iommufd),
    deviceFds: textsOf(given['device-fd']).map((text) => parseDeviceFd(text, '--device-fd')),
    listen: typeof given.listen === 'string' ? parseSocketPath(given.listen, '--listen') : null,
  };
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
    source: sourceOf(given),
    rules: fileRules ?? ruleOfAnswer(textOrNull(given.answer)),
    onExit: (textOrNull(given['on-exit']) ?? 'hold') as ExitPlan,
    readOnly: given['read-only'] === true,
    dryRun: given['dry-run'] === true,
    alarms,
    history: numberOf(given.history, DEFAULT_HISTORY),
    journal: textOrNull(given.journal),
    ...(given.expect === undefined ? {} : { expect: textsOf(given.expect) }),
    events,
    until: {
      // --once takes its snapshot then and ends itself.
      durationMs: once ? null : numberOrNull(given.duration),
      groups: numberOrNull(given.count),
      idleMs: numberOrNull(given.idle),
    },
  };
}
