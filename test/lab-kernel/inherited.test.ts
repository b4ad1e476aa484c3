// Descriptors that are left open for us by a C program that becomes iopftop, on the real kernel.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { BIN, shell } from '../helpers/bin.ts';
import { labExamples } from './examples.ts';
import { IOPFTOP, Program } from './program.ts';

const examples = labExamples();

const inherited = (faults: number, ...options: string[]): Program =>
  new Program(examples.path('inherit'), ['/dev/vfio/devices/vfio0', `${faults}`, ...IOPFTOP, '--headless', ...options]);

it('what waits is read and answered; the device is attached anew, and faults there too', async () => {
  const program = inherited(40, '--answer', 'success');
  await program.message(({ type, group }) => type === 'answer' && group === 40);
  const { devId } = await program.message(({ type }) => type === 'fault');
  program.say(`{"cmd":"replace","devId":${devId},"hwpt":"new-paging"}`);
  program.say(`{"cmd":"trigger","devId":${devId},"count":5,"addr":"0x20000000"}`);
  await program.message(({ type, group }) => type === 'answer' && group === 45);
  program.child.kill('SIGTERM');
  expect((await program.summary()).counters).toMatchObject({ faults: 45, success: 45, auto: 0 });
  expect(await program.ended).toBe(143);
});

it('what is left at the end is answered INVALID, whatever --on-exit says', async () => {
  const program = inherited(10, '--on-exit', 'hold', '--count', '10');
  const { outstanding } = await program.summary();
  expect(outstanding).toEqual({ groups: 10, plan: 'invalid', answered: 10 });
  expect(await program.ended).toBe(0);
});

it('the same queue twice counts once', async () => {
  const find = 'for word; do [ "$before" = --fault-fd ] && fd=$word; before=$word; done';
  const twice = `${find}; eval "exec 60<&$fd"; exec "$@" --fault-fd 60`;
  const args = ['/dev/vfio/devices/vfio0', '3', 'bash', '-c', twice, 'bash', ...IOPFTOP, '--headless', '--count', '3'];
  const program = new Program(examples.path('inherit'), args);
  const { queues } = await program.message(({ type }) => type === 'snapshot');
  expect(queues).toHaveLength(1);
  expect((await program.summary()).counters).toMatchObject({ faults: 3, invalid: 3 });
});

it('programs that are started from here do not get them', async () => {
  const program = inherited(1);
  await program.message(({ type }) => type === 'fault');
  const listed = execFileSync('ls', ['-l', `/proc/${program.child.pid}/fd`], { encoding: 'utf8' });
  const fds = [...listed.matchAll(/ (\d+) -> (?:anon_inode:\[iommufd-pgfault\]|\/dev\/iommu|\/dev\/vfio\S+)/g)];
  expect(fds).toHaveLength(3);
  for (const [, fd] of fds) {
    const info = readFileSync(`/proc/${program.child.pid}/fdinfo/${fd}`, 'utf8');
    expect(Number.parseInt(/flags:\s*(\d+)/.exec(info)?.[1] ?? '', 8) & 0o2000000).toBe(0o2000000);
  }
  program.say('{"cmd":"quit"}');
  await program.ended;
});

it.each([
  ['--fault-fd 0 </dev/null', '--fault-fd 0 is not a fault queue: descriptor 0 is stdin, the file /dev/null'],
  ['--fault-fd 77', '--fault-fd 77: descriptor 77 is not open'],
  ['--fault-fd 9 9</dev/iommu', '--fault-fd 9 is not a fault queue: descriptor 9 is an iommufd'],
])('%s is refused in words', async (options, words) => {
  const { code, stderr } = await shell(`"$NODE" "${BIN}" --headless ${options}`);
  expect(code).toBe(1);
  expect(stderr).toContain(words);
});
