// A run with a command beside it: who ends first, who waits for whom, and the resulting exit code.
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Child } from '../../../src/cli/exec/child.ts';
import { ExecCompanion } from '../../../src/cli/exec/companion.ts';
import type { Holder } from '../../../src/cli/exec/holders.ts';
import { openOutput } from '../../../src/cli/exec/output.ts';
import type { EngineClient } from '../../../src/engine/thread/client.ts';
import type { FromEngine, Hello } from '../../../src/protocol/messages.ts';
import { FakeClient } from '../../headless/fake-client.ts';

let directory = '';
let said: string[] = [];
let left: Holder[] = [];
const fds: number[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'iopftop-companion-'));
  said = [];
  left = [];
});
afterEach(() => {
  for (const fd of fds.splice(0)) closeSync(fd);
  rmSync(directory, { recursive: true });
});

const path = (): string => join(directory, 'out');

function hello(): Hello {
  const [iommufd = -1, device = -1] = ['/dev/null', '/dev/zero'].map((name) => openSync(name, 'r'));
  fds.push(iommufd, device);
  const devices = [{ address: '0000:17:00.0', fd: device, devId: 3, hwptId: 4 }];
  return { type: 'hello', handles: { iommufd, ioasId: 1, faultId: 2, devices } } as unknown as Hello;
}

interface Sight {
  readonly client: EngineClient;
  readonly seen: FromEngine[];
}

/** Runs `script` beside a fake engine and a front end that ends with the engine, with `code`. */
function go(script: string, code = 0, onHello: (sight: Sight) => void = () => {}, onChild: () => void = () => {}) {
  const engine = new FakeClient();
  const start = (request: ConstructorParameters<typeof Child>[0]): Child => {
    const child = new Child(request, 0);
    void child.ended.then(onChild);
    return child;
  };
  const companion = new ExecCompanion({
    path: '/bin/sh',
    argv: ['sh', '-c', script],
    output: openOutput(path(), 'headless', 'sh'),
    env: process.env,
    say: (line) => said.push(line),
    look: async () => left.splice(0),
    start,
  });
  const seen: FromEngine[] = [];
  const ended = companion.run(engine, async (client) => {
    client.onMessage((message) => seen.push(message));
    engine.say(hello());
    onHello({ client, seen });
    await client.ended;
    return code;
  });
  return { engine, ended, seen };
}

test('the command ends: so does the run, with its exit code', async () => {
  const { engine, ended } = go('exit 7');
  expect(await ended).toBe(7);
  expect(engine.commands).toEqual([{ cmd: 'quit', command: 7 }]);
  expect(said).toEqual([`sh ended with 7; its output is in ${path()}`]);
});

test('it finds the descriptors and what they are', async () => {
  const script = 'readlink /proc/self/fd/3 /proc/self/fd/4; echo $IOPFTOP_IOMMUFD $IOPFTOP_DEVICES $IOPFTOP_HWPT_ID';
  const { ended } = go(script);
  expect(await ended).toBe(0);
  expect(readFileSync(path(), 'utf8')).toBe('/dev/null\n/dev/zero\n3 0000:17:00.0:4:3:4 4\n');
});

test('where it failed the last lines of its output are told', async () => {
  const { ended } = go('echo one; echo two >&2; kill -TERM $$');
  expect(await ended).toBe(143);
  expect(said).toEqual([`sh ended with 143; its output is in ${path()}`, '  one', '  two']);
});

test('the user quits first: the command is ended before the engine hears of it', async () => {
  const order: string[] = [];
  const quit = ({ client }: Sight): void => client.send({ command: { cmd: 'quit', onExit: 'invalid' }, cause: 'key' });
  const { engine, ended } = go('sleep 1000', 3, quit, () => order.push('the command has ended'));
  engine.onQuit = () => {
    order.push('quit');
    engine.end();
  };
  expect(await ended).toBe(3);
  expect(order).toEqual(['the command has ended', 'quit']);
  expect(engine.commands).toEqual([{ cmd: 'quit', onExit: 'invalid' }]);
});

test('other commands go on to the engine at once', async () => {
  const { engine, ended } = go('exit 0', 0, ({ client }) =>
    client.send({ command: { cmd: 'snapshot' }, cause: 'script' }),
  );
  await ended;
  expect(engine.commands).toEqual([{ cmd: 'snapshot' }, { cmd: 'quit', command: 0 }]);
});

test('nobody hears that a quit was done which nobody gave', async () => {
  const { engine, ended, seen } = go('exit 0');
  engine.onQuit = () => {
    engine.say({ type: 'done', t: 1, id: null, cmd: 'quit', count: 0 });
    engine.end();
  };
  await ended;
  expect(seen.map(({ type }) => type)).toEqual(['hello', 'summary']);
});

test('a condition of --expect that does not hold is its exit code where the command ended well', async () => {
  expect(await go('exit 0', 4).ended).toBe(4);
  expect(await go('exit 7', 4).ended).toBe(7);
});

test('groups that were left unanswered do not change its exit code; output that could not be written does', async () => {
  expect(await go('exit 0', 3).ended).toBe(0);
  expect(await go('exit 0', 1).ended).toBe(1);
  expect(await go('exit 9', 1).ended).toBe(9);
});

test('the engine crashes: the command does not stay', async () => {
  const { engine, ended } = go('sleep 1000');
  engine.crash(new Error('a bug'));
  await expect(ended).rejects.toThrow('a bug');
});

test('it cannot be started after all: the run ends, and says so', async () => {
  const engine = new FakeClient();
  const companion = new ExecCompanion({
    path: join(directory, 'gone'),
    argv: ['gone'],
    output: openOutput(path(), 'headless', 'gone'),
    env: {},
    say: (line) => said.push(line),
    look: async () => left.splice(0),
  });
  const code = companion.run(engine, async (client) => {
    client.onMessage(() => {});
    engine.say(hello());
    await client.ended;
    return 0;
  });
  expect(await code).toBe(127);
  expect(engine.commands).toEqual([{ cmd: 'quit', command: 127 }]);
  expect(said).toEqual(['gone could not be started: ENOENT']);
});

const daemon: Holder = { pid: 77, comm: 'driver', what: ['0000:17:00.0', 'the iommufd'] };
const TEXT =
  'driver (PID 77), left behind by sh, still has 0000:17:00.0 and the iommufd open: its faults are no longer answered';

test('what it has left behind with the devices is told, and is in the exit code where nothing else failed', async () => {
  left = [daemon];
  const { engine, ended } = go('exit 0', 3);
  expect(await ended).toBe(7);
  const told = [{ pid: 77, device: '0000:17:00.0', text: TEXT }];
  expect(engine.commands).toEqual([{ cmd: 'quit', command: 0, left: told }]);
  expect(said.at(-1)).toBe(`${TEXT}; end it to free them (kill 77)`);
  left = [daemon];
  expect(await go('exit 9').ended).toBe(9);
  expect(said.at(-1)).toContain('(PID 77)');
  for (const failure of [1, 4]) {
    left = [daemon];
    expect(await go('exit 0', failure).ended).toBe(failure);
    expect(said.at(-1)).toContain('(PID 77)');
  }
});

test('so it is where the run ends first, by a quit or at an end of its own', async () => {
  left = [daemon];
  const quit = ({ client }: Sight): void => client.send({ command: { cmd: 'quit' }, cause: 'key' });
  const first = go('sleep 1000', 0, quit);
  expect(await first.ended).toBe(7);
  expect(first.engine.commands[0]).toMatchObject({ cmd: 'quit', left: [{ pid: 77 }] });
  left = [daemon];
  const second = go('sleep 1000', 0);
  second.engine.end();
  expect(await second.ended).toBe(7);
  const third = go('sleep 1000', 3);
  third.engine.end();
  expect(await third.ended).toBe(3);
});
