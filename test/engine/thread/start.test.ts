// The engine in its thread, as the bundler makes it, with several front ends in the main thread.
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { EngineOptions } from '../../../src/engine/options.ts';
import type { EngineClient } from '../../../src/engine/thread/client.ts';
import type { FromEngine } from '../../../src/protocol/messages.ts';
import { ROOT } from '../../helpers/bin.ts';
import { ofType, PLAIN_RUN } from '../fixture.ts';

let folder = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'iopftop-engine-'));
  for (const name of ['node_modules', 'package.json', 'scenarios']) symlinkSync(join(ROOT, name), join(folder, name));
  await build({
    absWorkingDir: ROOT,
    entryPoints: { start: 'src/engine/thread/start.ts', worker: 'src/engine/thread/worker.ts' },
    outdir: join(folder, 'dist'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['koffi'],
    logLevel: 'error',
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** All that a front end hears, and the way to wait for more. `stuck`: it never says that it has taken anything. */
function hear(client: EngineClient, { stuck = false } = {}) {
  const told: FromEngine[] = [];
  let look: () => void = () => {};
  client.onMessage((message) => {
    told.push(message);
    if (!stuck && message.type === 'flush') client.send({ control: 'seen', what: 'events' });
    if (!stuck && message.type === 'view') client.send({ control: 'seen', what: 'view' });
    look();
  });
  const until = (so: (told: FromEngine[]) => boolean): Promise<void> =>
    new Promise((resolve) => {
      look = () => {
        if (so(told)) resolve();
      };
      look();
    });
  return { told, until };
}

const has = (type: FromEngine['type']) => (told: readonly FromEngine[]) =>
  told.some((message) => message.type === type);

it('has front ends that join, ask, leave and are stuck, and ends for all of them', async () => {
  const { startEngine } = (await import(
    pathToFileURL(join(folder, 'dist/start.js')).href
  )) as typeof import('../../../src/engine/thread/start.ts');
  const mock = { kind: 'mock', scenario: 'tour', seed: 1, rate: 1, virtualTime: false, pauseAtMs: null } as const;
  const options: EngineOptions = { ...PLAIN_RUN, source: mock, rules: [{ then: 'success' }] };
  const engine = await startEngine(options, '0.0.0');
  const first = hear(engine);
  await first.until(has('snapshot'));
  const devId = ofType(first.told, 'snapshot')[0]?.devices[0]?.devId as number;

  const client = engine.join({ hears: ['events', 'notices'] });
  const second = hear(client);
  const stuck = hear(engine.join({ hears: ['events'], room: 100 }), { stuck: true });
  await second.until(has('snapshot'));
  expect(second.told.slice(0, 2).map(({ type }) => type)).toEqual(['hello', 'snapshot']);
  // The same number is meant by each for its own.
  engine.send({ command: { cmd: 'trigger', id: 1, devId, count: 2_000 }, cause: 'script' });
  client.send({ command: { cmd: 'respond', id: 1, group: 1_000_000, code: 'success' }, cause: 'script' });
  await second.until(has('error'));
  await first.until(has('done'));
  expect(ofType(first.told, 'error')).toEqual([]);
  expect(ofType(second.told, 'done')).toEqual([]);
  await second.until(
    (told) => ofType(told, 'batch').reduce((sum, { records }) => sum + records.length / 40, 0) >= 2_000,
  );

  client.leave();
  const before = second.told.length;
  engine.send({ command: { cmd: 'trigger', id: 2, devId }, cause: 'script' });
  await first.until((told) => ofType(told, 'done').length === 2);
  engine.send({ command: { cmd: 'quit' }, cause: 'script' });
  await engine.ended;
  expect(second.told).toHaveLength(before);
  const [mine, its] = [first, stuck].map(({ told }) => told.at(-1));
  expect(mine).toMatchObject({ type: 'summary', counters: { dropped: 0 } });
  const lost = ofType(stuck.told, 'dropped').reduce((sum, { faults }) => sum + faults, 0);
  expect(its).toMatchObject({ type: 'summary', counters: { dropped: lost } });
  expect(lost).toBeGreaterThan(1_000);
  // Over: nothing is said, and nothing is thrown.
  client.leave();
  engine.join({ hears: [] }).send({ command: { cmd: 'quit' }, cause: 'script' });
});
