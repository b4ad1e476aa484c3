// What is measured of each program, outside the lab: runs in a pseudo-terminal, their engine's fault queue flooded.
import { fail } from '../../build/fail.mjs';
import { shares, threadNs } from '../screen/processes.mjs';
import { Screen } from './screen.mjs';
import { isShown, signatureOf } from './signature.mjs';
import { inTurns } from './turns.mjs';

/** @typedef {import('./screen.mjs').Size} Size */
/** @typedef {import('./programs.mjs').Program} Program */
/** @typedef {import('./programs.mjs').Side} Side */
/** @typedef {import('./signature.mjs').Signature} Signature */
/** @typedef {{what: string, key: string, signature: Signature}} Target what a key leads to, and how it is recognised */

export const FIRST_SECONDS = 10;
const FLOOD = 100_000;
const CALM = 2_000;
const KEYS = { overview: '1', stream: '4', statistics: '5', back: '\x1b' };
/** Of those that open whatever is pending: cookies come again after 65,536 faults, and then nothing is. */
const DIALOGS = { help: '?', palette: ':' };
/** Longer than a frame, a change of page and what a terminal waits for after Esc. */
const SETTLED_MS = 800;
/** The first dialog loads and compiles what draws it. */
const FIRST_DIALOG_MS = 3_000;
const SNAPSHOTS = 4;
const SNAPSHOT_MS = 250;
const KEYS_IN_A_TURN = 20;
const OPENS_IN_A_TURN = 2;

/** @param {number} ms */
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Resolves once there are devices and faults on the screen. @param {Program} program @param {Size} size @param {number} rate */
async function flooded(program, size, rate) {
  const command = [process.execPath, program.flooded, '--scenario', program.devices];
  const env = { BENCH_FLOOD: String(rate), BENCH_REPORT: `${program.work}/report.json` };
  const screen = new Screen(command, size, env);
  // A device's name, and an address in the same row: the fault queue has been read and shown.
  await screen.until('a fault of nvme1', () => screen.rows().some((row) => /\bnvme1\b.*\b0x/.test(row)));
  return screen;
}

/** @param {Screen} screen */
async function snapshots(screen) {
  const taken = [];
  for (let i = 0; i < SNAPSHOTS; i++) {
    await sleep(SNAPSHOT_MS);
    taken.push(screen.cells());
  }
  return taken;
}

/** @param {Screen} screen @param {string} key */
async function after(screen, key, ms = SETTLED_MS) {
  screen.type(key);
  await sleep(ms);
  return snapshots(screen);
}

/** @param {string} what @param {string} key @param {string[][]} without @param {string[][]} shown @returns {Target} */
function target(what, key, without, shown) {
  const signature = signatureOf(without, shown);
  if (signature.length === 0) fail(`key ${JSON.stringify(key)} shows nothing that tells ${what} from what was there`);
  return { what, key, signature };
}

/** The pages that the keys change between; the stream is shown afterwards. @param {Screen} screen */
async function learnPages(screen) {
  const statistics = await after(screen, KEYS.statistics);
  const stream = await after(screen, KEYS.stream);
  return [
    target('the statistics', KEYS.statistics, stream, statistics),
    target('the stream', KEYS.stream, statistics, stream),
  ];
}

/** @param {Screen} screen */
async function learnDialogs(screen) {
  /** @type {[name: keyof typeof DIALOGS, target: Target][]} */
  const learned = [];
  for (const name of /** @type {(keyof typeof DIALOGS)[]} */ (Object.keys(DIALOGS))) {
    const closed = await after(screen, KEYS.back);
    const open = await after(screen, DIALOGS[name], FIRST_DIALOG_MS);
    learned.push([name, target(`the dialog of ${name}`, DIALOGS[name], closed, open)]);
  }
  screen.type(KEYS.back);
  await sleep(SETTLED_MS);
  return learned;
}

/** Milliseconds until it is shown. @param {Screen} screen @param {Target} target */
const press = (screen, { what, key, signature }) =>
  screen.press(key, what, () => isShown((index) => screen.cell(index), signature));

/** @param {Screen} screen @param {Target[]} pages @param {number} count */
async function pressKeys(screen, pages, count) {
  const ms = [];
  for (let i = 0; i < count; i++) {
    // At another point of the frame's time each time.
    await sleep(40 + ((i * 37) % 100));
    const page = pages[i % pages.length];
    if (page) ms.push(await press(screen, page));
  }
  return ms;
}

/** Share of a core of the main thread, and bytes per frame. @param {Screen} screen @param {number} ms */
async function cost({ terminal, pid }, ms) {
  const from = { bytes: terminal.bytes, frames: terminal.frames };
  const { main } = await shares(pid, ms);
  return { main, perFrame: (terminal.bytes - from.bytes) / (terminal.frames - from.frames) };
}

/**
 * The first seconds, and what the main thread takes once the compiler has nothing more to do.
 *
 * @param {Program} program @param {Size} size @param {{window: number, keys: number}} form
 */
async function warmRun(program, size, form) {
  const screen = await flooded(program, size, FLOOD);
  const load = threadNs(screen.pid, screen.pid) / 1e6;
  const first = (await shares(screen.pid, FIRST_SECONDS * 1_000)).main;
  // A hint that stands until the first key is gone.
  for (const key of [KEYS.statistics, KEYS.overview]) {
    screen.type(key);
    await sleep(SETTLED_MS);
  }
  const overview = await cost(screen, form.window);
  const pages = await learnPages(screen);
  const stream = await cost(screen, form.window);
  const keys = await pressKeys(screen, pages, form.keys);
  await screen.end();
  return {
    load: [load],
    first: [first],
    overview: [overview.main],
    stream: [stream.main],
    overviewBytes: [overview.perFrame],
    streamBytes: [stream.perFrame],
    keys,
  };
}

/** @param {Record<Side, Program>} programs @param {Size} size @param {{turns: number, window: number, keys: number}} form */
export const warm = (programs, size, form) => inTurns(form.turns, (side) => warmRun(programs[side], size, form));

/** @template T @param {(side: Side) => Promise<T>} make @returns {Promise<Record<Side, T>>} one after the other */
const both = async (make) => ({ before: await make('before'), now: await make('now') });

/**
 * Keys and dialogs at a lower rate: both programs run all the time, and are used in turns.
 *
 * @param {Record<Side, Program>} programs @param {Size} size @param {number} turns
 */
export async function keysAndDialogs(programs, size, turns) {
  const screens = await both((side) => flooded(programs[side], size, CALM));
  await sleep(FIRST_SECONDS * 1_000);
  const pages = await both((side) => learnPages(screens[side]));
  /** @param {Side} side */
  const pressSome = (side) => pressKeys(screens[side], pages[side], KEYS_IN_A_TURN);
  // For practice.
  await both(pressSome);
  const keys = await inTurns(turns, async (side) => ({ keys: await pressSome(side) }));
  for (const screen of Object.values(screens)) screen.type(KEYS.overview);
  const dialogs = await both((side) => learnDialogs(screens[side]));
  const opened = await inTurns(turns, (side) => openAll(screens[side], dialogs[side]));
  await Promise.all(Object.values(screens).map((screen) => screen.end()));
  return { ...keys, ...opened };
}

/** @param {Screen} screen @param {Awaited<ReturnType<typeof learnDialogs>>} dialogs */
async function openAll(screen, dialogs) {
  /** @type {Record<keyof typeof DIALOGS, number[]>} */
  const ms = { help: [], palette: [] };
  for (let i = 0; i < OPENS_IN_A_TURN; i++) {
    for (const [name, target] of dialogs) {
      await sleep(40 + ((i * 37) % 100));
      ms[name].push(await press(screen, target));
      const closed = screen.until(`no ${name}`, () => !isShown((index) => screen.cell(index), target.signature));
      screen.type(KEYS.back);
      await closed;
    }
  }
  return ms;
}
