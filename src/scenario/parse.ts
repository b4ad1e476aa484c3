// A scenario file, checked: every key is known, and every value is allowed.

import { parse, TomlError } from 'smol-toml';
import { permBit } from '../uapi/perm.ts';
import { ScenarioError, TableReader } from './table.ts';
import type { Scenario, ScenarioDevice, ScenarioEvent, Workload, WorkloadKind } from './types.ts';

const KINDS = ['steady', 'burst', 'stuck', 'refault', 'pasid-storm', 'multi-page'] as const;
const MAX_PASID = (1 << 20) - 1;
/** The PRG index has nine bits. */
const MAX_CREDITS = 512;
const MAX_GROUP_PAGES = 512;
const MAX_PAGES = 1 << 16;
const MAX_RATE = 1_000_000;
const PAGE = 4096n;
/** Workloads without a `base` do not overlap, and lie inside what a mock device can reach. */
const FIRST_BASE = 0x1000_0000n;
const BASE_STEP = 0x100_0000n;

/** Reads the text of a scenario. Throws ScenarioError, which says where and what. */
export function parseScenario(text: string, file: string): Scenario {
  const root = new TableReader(file, '', toml(text, file));
  const name = root.string('name');
  const description = root.string('description');
  let workloads = 0n;
  const nextBase = () => FIRST_BASE + BASE_STEP * workloads++;
  const devices = root.tables('device').map((table) => readDevice(table, nextBase));
  if (devices.length === 0) root.fail('device', 'is missing; there must be at least one [[device]]');
  const names = new Set<string>();
  for (const [i, device] of devices.entries()) {
    if (names.has(device.name))
      root.fail(`device[${i}].name`, `"${device.name}" is already the name of another device`);
    names.add(device.name);
  }
  const events = root.tables('event').map((table) => readEvent(table, devices));
  root.end();
  return { name, description, devices, events };
}

function toml(text: string, file: string) {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const what = error.message.split('\n', 1)[0] ?? '';
    throw new ScenarioError(file, '', `line ${error.line}, column ${error.column}: ${what}`, error);
  }
}

function readDevice(table: TableReader, nextBase: () => bigint): ScenarioDevice {
  const pasid = table.boolean('pasid', false);
  const device = {
    name: table.string('name'),
    pasid,
    hwpt: table.oneOf('hwpt', ['paging', 'nested'], 'paging'),
    pasids: table.integers('pasids', { min: 1, max: MAX_PASID }, []),
    sva: table.integers('sva', { min: 1, max: MAX_PASID }, []),
    credits: table.integer('credits', { min: 1, max: MAX_CREDITS }, 32),
    resolve: table.oneOf('resolve', ['mapped', 'guest'], 'guest'),
    retryDelay: table.duration('retry_delay', '1ms'),
    pause: table.duration('pause', '1s'),
    timeout: table.has('timeout') ? table.duration('timeout') : null,
    onTimeout: table.oneOf('on_timeout', ['hang', 'abandon', 'reset'], 'hang'),
  } as const;
  if (device.pasids.length > 0 && !pasid) table.fail('pasids', 'needs pasid = true');
  if (device.sva.length > 0 && !pasid) table.fail('sva', 'needs pasid = true');
  const both = device.sva.find((bond) => device.pasids.includes(bond));
  if (both !== undefined) table.fail('sva', `${both} is also in \`pasids\`: a PASID is attached to one thing`);
  if (device.timeout === null && table.has('on_timeout')) {
    table.fail('on_timeout', 'has no effect without timeout: such a device waits for ever');
  }
  if (device.retryDelay <= 0n) table.fail('retry_delay', 'must be longer than 0');
  const tables = table.tables('workload');
  if (tables.length === 0) table.fail('workload', 'is missing; there must be at least one [[device.workload]]');
  const workloads = tables.map((w) => readWorkload(w, device, nextBase()));
  table.end();
  return { ...device, workloads };
}

const RATE: readonly WorkloadKind[] = ['steady', 'refault', 'pasid-storm', 'multi-page'];

function readWorkload(
  table: TableReader,
  device: Pick<ScenarioDevice, 'pasid' | 'pasids' | 'sva' | 'hwpt'>,
  base: bigint,
): Workload {
  const kind = table.oneOf('kind', KINDS);
  const paced = RATE.includes(kind);
  const repeats = kind === 'burst' || kind === 'stuck';
  const pages = table.integer('pages', { min: 1, max: MAX_PAGES }, 256);
  const workload: Workload = {
    kind,
    start: table.duration('start', '0s'),
    rate: paced ? table.number('rate', { min: 0.001, max: MAX_RATE }) : 0,
    every: repeats ? table.duration('every', kind === 'stuck' ? '1s' : undefined) : 0n,
    count: repeats || kind === 'refault' ? table.integer('count', { min: 1, max: 1_000_000 }, 1) : 1,
    pages,
    groupPages: readGroupPages(table, kind, pages),
    base: table.address('base', base),
    perms: table.strings('perms', ['read', 'write']).map((text) => readPerm(table, text)),
    pasids: readPasids(table, kind, device),
    grpid: table.oneOf('grpid', ['lowest', 'rotate', 'same'], 'lowest'),
  };
  if (workload.base % PAGE !== 0n) table.fail('base', 'must be a multiple of 4096');
  if (kind === 'burst' && workload.every <= 0n) table.fail('every', 'must be longer than 0');
  table.end();
  return workload;
}

function readGroupPages(table: TableReader, kind: WorkloadKind, pages: number): readonly [number, number] {
  const range = { min: 1, max: MAX_GROUP_PAGES };
  const given = table.integers('group_pages', range, kind === 'multi-page' ? [2, 8] : [1]);
  const [low = 1, high = low] = given;
  if (high < low || given.length > 2) table.fail('group_pages', 'must be [number] or [fewest, most]');
  if (table.has('group_pages') && high > pages) {
    table.fail('group_pages', `is up to ${high} pages, but the workload has only ${pages} (pages)`);
  }
  return [low, high];
}

function readPerm(table: TableReader, text: string): number {
  let bits = 0;
  for (const word of text.split('+')) {
    const bit = permBit(word.trim().toLowerCase());
    if (bit === 0) {
      table.fail('perms', `"${text}" is unknown; use read, write, exec, priv, or several joined by +`);
    }
    bits |= bit;
  }
  return bits;
}

function readPasids(
  table: TableReader,
  kind: WorkloadKind,
  device: Pick<ScenarioDevice, 'pasid' | 'pasids' | 'sva' | 'hwpt'>,
): readonly number[] {
  const pasids = table.integers('pasids', { min: 0, max: MAX_PASID }, kind === 'pasid-storm' ? device.pasids : [0]);
  if (pasids.length === 0) table.fail('pasids', 'must name at least one PASID (0: without a PASID)');
  for (const pasid of pasids) {
    if (pasid === 0) continue;
    if (!device.pasid) table.fail('pasids', 'needs pasid = true on the device');
    // A nested HWPT takes the faults of every PASID, a paging one only of those that are attached.
    const attached = [...device.pasids, ...device.sva];
    if (device.hwpt === 'paging' && !attached.includes(pasid)) {
      table.fail('pasids', `${pasid} is not among the PASIDs that the device attaches (${attached.join(', ')})`);
    }
  }
  return pasids;
}

function readEvent(table: TableReader, devices: readonly ScenarioDevice[]): ScenarioEvent {
  const event: ScenarioEvent = {
    at: table.duration('at'),
    action: table.oneOf('action', ['detach', 'replace']),
    device: table.oneOf(
      'device',
      devices.map((d) => d.name),
    ),
    pasid: table.has('pasid') ? table.integer('pasid', { min: 1, max: MAX_PASID }) : null,
    every: table.has('every') ? table.duration('every') : null,
  };
  if (event.every !== null && event.every <= 0n) table.fail('every', 'must be longer than 0');
  const attached = devices.find((d) => d.name === event.device)?.pasids ?? [];
  if (event.pasid !== null && !attached.includes(event.pasid)) {
    table.fail('pasid', `must be a PASID that the device attaches (${attached.join(', ')}), got ${event.pasid}`);
  }
  table.end();
  return event;
}
