// A VMM hands its queue over through the socket: the C client and the program, on the real kernel.
import { chmodSync, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest';
import { BIN } from '../helpers/bin.ts';
import { labExamples } from './examples.ts';
import { Program } from './program.ts';

const examples = labExamples();
let path = '';
const programs: Program[] = [];

beforeEach(() => {
  path = join(examples.directory, 'socket');
});
afterEach(async () => {
  for (const program of programs.splice(0)) {
    program.child.kill('SIGKILL');
    await program.ended;
  }
});

async function listening(...options: string[]): Promise<Program> {
  const args = [BIN, '--headless', '--listen', path, '--journal', join(examples.directory, 'journal'), ...options];
  const program = new Program(process.execPath, args);
  programs.push(program);
  await program.message(({ type }) => type === 'snapshot');
  return program;
}

function vmm(faults: number, device = 'vfio0', wrapper: string[] = []): Program {
  const args = [...wrapper, examples.path('handover-client'), path, `/dev/vfio/devices/${device}`, `${faults}`];
  const program = new Program(args.shift() as string, args);
  programs.push(program);
  return program;
}

const answered = (program: Program, group: number) =>
  program.message((message) => message.type === 'answer' && message.group === group);

it('its faults are shown and answered to the last, and it can be asked for more', async () => {
  const program = await listening('--answer', 'success');
  const client = vmm(500);
  expect(JSON.parse(await client.stdout.at(0))).toEqual({ ok: true, queues: [0] });
  await answered(program, 500);
  client.say('fault 1500');
  await answered(program, 2_000);
  client.say('{"cmd":"status"}');
  expect(JSON.parse(await client.stdout.at(1))).toMatchObject({ ok: true, queues: [{ queue: 0, waiting: false }] });
  client.hush();
  expect((await program.notice('disconnected')).text).toMatch(/^handover-client \(pid \d+\) disconnected/);
  program.say('{"cmd":"quit"}');
  const { counters } = await program.summary();
  expect(counters).toMatchObject({ faults: 2_000, success: 2_000, pending: 0, auto: 0, refused: 0 });
  expect(await program.ended).toBe(0);
  expect(existsSync(path)).toBe(false);
});

it.each(['close', 'kill -9'])('what we have read is answered when the lease ends by %s', async (how) => {
  const program = await listening();
  const client = vmm(20);
  await program.message((message) => message.type === 'fault' && message.seq === 20);
  if (how === 'close') client.hush();
  else client.child.kill('SIGKILL');
  await client.ended;
  expect(await program.notice('queue-closed')).toMatchObject({ queue: 0 });
  await program.notice('disconnected');
  program.say('{"cmd":"quit"}');
  const { counters, outstanding } = await program.summary();
  expect(counters).toMatchObject({ faults: 20, invalid: 20, pending: 0, auto: 0 });
  expect(outstanding).toMatchObject({ groups: 0 });
  expect(await program.ended).toBe(0);
  // Nothing holds the device any more.
  expect(await vmmAlone()).toBe('handed');
});

/** Another VMM binds the device; what it says when nobody listens. */
async function vmmAlone(): Promise<string> {
  const client = vmm(0);
  await client.ended;
  const [line = ''] = client.stderr.all;
  return line.endsWith('No such file or directory') || line.endsWith('Connection refused') ? 'handed' : line;
}

it('a queue that is taken back is settled first; its owner reads it again', async () => {
  const program = await listening();
  const client = vmm(7);
  await program.message((message) => message.type === 'fault' && message.seq === 7);
  client.say('{"cmd":"release","queue":0}');
  await client.stdout.at(1);
  expect(JSON.parse(await client.stdout.at(1))).toEqual({ ok: true, queues: [0] });
  client.say('fault 3');
  client.say('{"cmd":"status"}');
  expect(JSON.parse(await client.stdout.at(2))).toMatchObject({ ok: true, queues: [] });
  program.say('{"cmd":"quit"}');
  const { counters } = await program.summary();
  expect(counters).toMatchObject({ faults: 7, invalid: 7 });
});

it('its device is given a HWPT of ours, and its own again when iopftop ends', async () => {
  const program = await listening('--answer', 'success');
  const client = vmm(2);
  await answered(program, 2);
  program.say('{"cmd":"snapshot"}');
  const { devices } = await program.message(({ type, devices: rows }) => type === 'snapshot' && rows.length > 0);
  expect(devices).toMatchObject([{ name: 'vfio0', attachments: [{ pasid: null }] }]);
  const { devId, attachments } = devices[0];
  program.say(`{"cmd":"replace","devId":${devId},"hwpt":"new-paging"}`);
  const { hwptId } = await program.message((message) => message.type === 'done' && message.cmd === 'replace');
  expect(hwptId).not.toBe(attachments[0].hwptId);
  client.say('fault 2');
  expect(await answered(program, 4)).toMatchObject({ queue: 1, code: 'success' });
  program.say('{"cmd":"quit"}');
  await program.summary();
  expect(program.all('error')).toEqual([]);
  expect(await client.stderr.at(0)).toBe('iopftop has gone');
  expect(await client.ended).toBe(0);
});

it('two VMMs at once', async () => {
  const program = await listening('--answer', 'success');
  const [one, two] = [vmm(100, 'vfio0'), vmm(100, 'vfio1')];
  await Promise.all([one.stdout.at(0), two.stdout.at(0)]);
  await answered(program, 200);
  const devIds = new Set(program.all('fault').map(({ devId }) => devId));
  expect(devIds.size).toBe(2);
  one.hush();
  await program.notice('disconnected');
  two.say('fault 5');
  await answered(program, 205);
  program.child.kill('SIGINT');
  expect((await program.summary()).counters).toMatchObject({ faults: 205, success: 205 });
  expect(await program.ended).toBe(130);
});

it('another user is told no', async () => {
  const program = await listening();
  chmodSync(path, 0o666);
  chmodSync(examples.directory, 0o755);
  const nodes = ['/dev/iommu', '/dev/vfio/devices/vfio0'].map((node) => ({ node, mode: statSync(node).mode }));
  // Other files of tests find them as they were.
  onTestFinished(() => {
    for (const { node, mode } of nodes) chmodSync(node, mode & 0o7777);
  });
  for (const { node } of nodes) chmodSync(node, 0o666);
  const client = vmm(0, 'vfio0', ['setpriv', '--reuid=4711', '--regid=4711', '--clear-groups']);
  expect(JSON.parse(await client.stdout.at(0))).toMatchObject({
    ok: false,
    error: 'uid 4711 is neither the user of this iopftop (0) nor root',
  });
  expect((await program.notice('disconnected')).text).toContain('uid 4711');
  program.say('{"cmd":"quit"}');
  expect(await program.ended).toBe(0);
});

it('the other side of the protocol, for a tool of ones own: every fault is answered before it ends', async () => {
  const server = new Program(examples.path('handover-server'), [path]);
  programs.push(server);
  await new Promise<void>((resolve) => {
    const look = (): void => (existsSync(path) ? resolve() : void setImmediate(look));
    look();
  });
  const client = vmm(30);
  expect(JSON.parse(await client.stdout.at(0))).toEqual({ ok: true, queues: [0] });
  expect(await server.stdout.at(30)).toMatch(/^device \d+ at 0x2d000$/);
  client.say('{"cmd":"status"}');
  expect(JSON.parse(await client.stdout.at(1))).toMatchObject({ ok: false });
  client.hush();
  expect(await server.ended).toBe(0);
});
