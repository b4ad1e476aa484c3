// Root is given up once everything is open, in every thread, and everything that is done afterwards goes by descriptors.
import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { TestTerminal } from '../e2e/terminal.ts';
import { tellFigure } from '../helpers/figures.ts';
import { labExamples } from './examples.ts';
import { IOPFTOP, Program } from './program.ts';

const examples = labExamples();
const NOBODY = 65_534;
const [NODE, BIN] = IOPFTOP;
const programs: Program[] = [];
afterEach(() => {
  for (const { child } of programs.splice(0)) child.kill('SIGKILL');
});

const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}, file: string = NODE): Program => {
  const program = new Program(file, args, env);
  programs.push(program);
  return program;
};
const selftest = (...options: string[]): string[] => [BIN, '--headless', '--backend', 'selftest', ...options];

/** Of each thread: its user and group ids, its groups, and its capabilities. */
function threads(pid: number | undefined): string[] {
  return readdirSync(`/proc/${pid}/task`).map((tid) => {
    const status = readFileSync(`/proc/${pid}/task/${tid}/status`, 'utf8');
    const field = (name: string): string => new RegExp(`^${name}:[ \\t]*(.*?)[ \\t]*$`, 'm').exec(status)?.[1] ?? '?';
    const caps = ['CapInh', 'CapPrm', 'CapEff', 'CapAmb'].map((name) => Number.parseInt(field(name), 16));
    return [field('Uid'), field('Gid'), `[${field('Groups')}]`, caps.join(' ')].join(' / ');
  });
}

const as = (uid: number, gid = uid): string => {
  const four = (id: number): string => Array(4).fill(id).join('\t');
  return `${four(uid)} / ${four(gid)} / [] / 0 0 0 0`;
};

async function untilAll(pid: number | undefined, wanted: string): Promise<void> {
  await expect.poll(() => [...new Set(threads(pid))], { timeout: 20_000 }).toEqual([wanted]);
  expect(threads(pid).length).toBeGreaterThan(2);
}

it('a run on selftest devices goes on as nobody: it maps, answers, replaces, detaches and ends in order', async () => {
  const program = run(selftest('--devices', '2', '--journal', `${examples.directory}/journal`));
  const { devices } = await program.message(({ type }) => type === 'snapshot');
  await untilAll(program.child.pid, as(NOBODY));
  tellFigure({
    topic: 'Security',
    what: 'threads of a run that dropped root once everything was open',
    value: `${threads(program.child.pid).length} of ${threads(program.child.pid).length}`,
    repeat: 'npm run test:kernel -- test/lab-kernel/privileges.test.ts',
  });
  const [{ devId }] = devices;
  const done = async (command: object): Promise<void> => {
    program.say(JSON.stringify({ id: JSON.stringify(command), ...command }));
    const { type, message } = await program.message(({ id }) => id === JSON.stringify(command));
    expect([command, type, message]).toEqual([command, 'done', undefined]);
  };
  await done({ cmd: 'trigger', devId, count: 3 });
  await program.message(({ type, group }) => type === 'fault' && group === 3);
  await done({ cmd: 'respond', group: 1, code: 'map' });
  await done({ cmd: 'respond', group: 2, code: 'success' });
  await done({ cmd: 'replace', devId, hwpt: 'new-nested' });
  await done({ cmd: 'detach', devId });
  await done({ cmd: 'attach', devId, hwpt: 'new-paging' });
  program.say('{"cmd":"quit"}');
  expect(await program.ended).toBe(0);
});

it('under sudo it goes on as whoever called it', async () => {
  const program = run(selftest(), { SUDO_UID: '1000', SUDO_GID: '1001' });
  await program.message(({ type }) => type === 'snapshot');
  await untilAll(program.child.pid, as(1000, 1001));
  program.child.kill('SIGTERM');
  expect(await program.ended).toBe(143);
});

it('over descriptors that were handed to it', async () => {
  const args = ['/dev/vfio/devices/vfio0', '40', ...IOPFTOP, '--headless', '--answer', 'success'];
  const program = run(args, {}, examples.path('inherit'));
  await program.message(({ type, group }) => type === 'answer' && group === 40);
  await untilAll(program.child.pid, as(NOBODY));
  const { devId } = await program.message(({ type }) => type === 'fault');
  program.say(`{"cmd":"replace","devId":${devId},"hwpt":"new-paging"}`);
  program.say(`{"cmd":"trigger","devId":${devId},"count":5,"addr":"0x20000000"}`);
  await program.message(({ type, group }) => type === 'answer' && group === 45);
  program.child.kill('SIGTERM');
  expect(await program.ended).toBe(143);
});

it('on the screen, which is stopped, goes on and is left in order', async () => {
  const terminal = new TestTerminal(`${NODE} ${BIN} --backend selftest`, { columns: 100, rows: 40 });
  await terminal.until(/mock0/);
  await untilAll(terminal.pid(), as(NOBODY));
  terminal.signal('SIGTSTP');
  await terminal.until(() => !terminal.alternate);
  terminal.signal('SIGCONT');
  await terminal.until(() => terminal.alternate);
  terminal.press('t');
  await terminal.until(/read [1-9]\d* fault/);
  terminal.press('q');
  await terminal.until('Quit, answer INVALID');
  terminal.press('\x1b[B');
  terminal.press('\x1b[B');
  terminal.press('\r');
  expect(await terminal.exitCode()).toBe(0);
});

it.each([
  ['--keep-root', selftest('--keep-root')],
  ['a device of the host', [BIN, '--headless', '--device', 'vfio0']],
])('is kept with %s', async (_, args) => {
  const program = run(args);
  await program.message(({ type }) => type === 'snapshot');
  program.say('{"cmd":"policy","rules":[],"id":"later"}');
  await program.message(({ id }) => id === 'later');
  expect(threads(program.child.pid).every((thread) => thread.startsWith(as(0).split(' / ')[0] as string))).toBe(true);
  program.say('{"cmd":"quit"}');
  expect(await program.ended).toBe(0);
});
