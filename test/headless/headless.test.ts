import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Batch, FromEngine } from '../../src/protocol/messages.ts';
import { iommuHwptPgfault } from '../../src/uapi/iommufd.ts';
import { messageProblem } from '../helpers/schema.ts';
import { SlowOutput, start, summary, turns } from './fake-client.ts';

const batch: Batch = {
  type: 'batch',
  t: 1,
  queue: 0,
  firstSeq: 1,
  firstGroup: 1,
  records: iommuHwptPgfault.encode({ flags: 2, devId: 3, addr: 0x1000n, cookie: 1, perm: 1 }),
};
const attached: FromEngine = {
  type: 'attachment',
  t: 0,
  change: 'attached',
  cause: 'scenario',
  devId: 3,
  device: 'nic0',
  pasid: null,
  hwptId: 5,
  oldHwptId: null,
  invalidated: 0,
};

/** A stdout whose every write fails so. */
const failing = (code: string): SlowOutput =>
  new Writable({
    write(_chunk, _encoding, done) {
      done(Object.assign(new Error(code), { code }));
    },
  }) as SlowOutput;

describe('the output', () => {
  it('is a line for each fault by default', async () => {
    const { client, lines, code } = start();
    client.say(batch);
    client.end();
    expect(await code).toBe(0);
    expect(lines().map(({ type }) => type)).toEqual(['fault', 'summary']);
  });

  it('is a line for each group on request, with the name of its device', async () => {
    const { client, lines, code } = start({ stream: 'groups' });
    client.say(attached);
    client.say(batch);
    client.end();
    await code;
    expect(lines()[1]).toMatchObject({ type: 'group', device: 'nic0' });
  });

  it('can do without both', async () => {
    const { client, lines, code } = start({ stream: 'none' });
    client.say(batch);
    client.end();
    await code;
    expect(lines().map(({ type }) => type)).toEqual(['summary']);
  });

  it.each([
    ['faults', 2],
    ['groups', 2],
    ['none', 0],
  ] as const)('with --stream %s has %i verdicts of a dry run', async (stream, count) => {
    const { client, lines, code } = start({ stream });
    const [groups, pasids] = [Float64Array.of(1, 2), Float64Array.of(-1, 5)];
    const [queues, devIds] = [Uint32Array.of(0, 0), Uint32Array.of(4, 4)];
    client.say({ type: 'verdicts', t: 1, rule: 'a "b"', then: 'map', afterNs: 0, groups, queues, devIds, pasids });
    client.end();
    await code;
    const verdicts = lines().filter(({ type }) => type === 'verdict');
    expect(verdicts.map(({ group, pasid, rule }) => [group, pasid, rule])).toEqual(
      [
        [1, null, 'a "b"'],
        [2, 5, 'a "b"'],
      ].slice(0, count),
    );
    expect(verdicts.map(messageProblem)).toEqual(Array(count).fill(null));
  });

  it('tells the engine that a packet was seen only when it is out', async () => {
    const { client, stdout, code } = start();
    stdout.hold = true;
    client.say(batch);
    client.say({ type: 'flush' });
    await turns();
    expect(client.seen).toBe(0);
    stdout.release();
    await turns();
    expect(client.seen).toBe(1);
    client.end();
    await code;
  });

  it('ends the run quietly when its reader goes', async () => {
    const { client, said, code } = start({}, failing('EPIPE'));
    client.say(batch);
    client.say({ type: 'flush' });
    expect(await code).toBe(0);
    expect(client.commands).toEqual([{ cmd: 'quit' }]);
    expect(said()).toBe('');
  });

  it('ends the run with an error when the disk is full', async () => {
    const { client, said, code } = start({}, failing('ENOSPC'));
    client.say(batch);
    client.say({ type: 'flush' });
    expect(await code).toBe(1);
    expect(client.commands).toEqual([{ cmd: 'quit' }]);
    expect(said()).toBe('iopftop: cannot write the output: ENOSPC: the disk is full\n');
  });
});

describe('the exit code', () => {
  it('is 3 when groups were left', async () => {
    const { client, code } = start();
    client.end(2);
    expect(await code).toBe(3);
  });

  it('is 0 when the exit plan answered them', async () => {
    const { client, code } = start();
    client.say({ ...summary(), outstanding: { groups: 2, plan: 'invalid', answered: 2 } });
    client.end();
    expect(await code).toBe(0);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ])('of %s is %i, after the summary', async (signal, expected) => {
    const { client, signals, lines, code } = start();
    signals.emit(signal);
    expect(await code).toBe(expected);
    expect(client.commands).toEqual([{ cmd: 'quit', signal }]);
    expect(lines().at(-1)).toMatchObject({ type: 'summary', reason: 'signal' });
    expect(signals.listenerCount(signal)).toBe(0);
  });

  it('comes at once with the second signal', async () => {
    const { client, signals, code } = start();
    client.onQuit = () => {};
    signals.emit('SIGTERM');
    signals.emit('SIGTERM');
    expect(await code).toBe(143);
  });

  it('is 1 when the engine crashed, and says so', async () => {
    const { client, lines, said, code } = start();
    client.crash(new Error('boom'));
    expect(await code).toBe(1);
    expect(lines().at(-1)).toMatchObject({ type: 'error', message: 'the engine failed: boom' });
    expect(said()).toContain('boom');
  });
});

describe('the input', () => {
  it('hands commands to the engine', async () => {
    const { client, stdin, code } = start();
    stdin.write('{"cmd":"snapshot"}\n\n{"id":1,"cmd":"respond","group":1,');
    stdin.write('"code":"success"}\n');
    await turns();
    expect(client.commands).toEqual([{ cmd: 'snapshot' }, { id: 1, cmd: 'respond', group: 1, code: 'success' }]);
    client.end();
    await code;
  });

  it('tells what is wrong with a line, and goes on', async () => {
    const { client, stdin, lines, said, code } = start({ endsByItself: true });
    stdin.end('{"cmd":\n{"id":"x","cmd":"respond","group":1}\n{"cmd":"snapshot"}');
    await turns();
    expect(client.commands).toEqual([{ cmd: 'snapshot' }]);
    client.end();
    expect(await code).toBe(0);
    const errors = lines().filter(({ type }) => type === 'error');
    expect(errors).toHaveLength(2);
    expect(errors[0]).toMatchObject({
      kind: 'usage',
      id: null,
      message: expect.stringContaining('stdin line 1: not JSON'),
    });
    expect(errors[1]).toMatchObject({ id: 'x', message: 'stdin line 2: "code" is missing' });
    expect(said().split('\n')).toHaveLength(3);
  });

  it('ends the run with its end, when commands came from it', async () => {
    const { client, stdin, lines, code } = start();
    stdin.end('{"cmd":"snapshot"}\n');
    expect(await code).toBe(0);
    expect(client.commands).toEqual([{ cmd: 'snapshot' }, { cmd: 'quit' }]);
    expect(lines().at(-1)).toMatchObject({ reason: 'eof' });
  });

  it('ends the run with its end also when all that came was wrong', async () => {
    const { stdin, lines, code } = start();
    stdin.end('no command\n');
    expect(await code).toBe(0);
    expect(lines().at(-1)).toMatchObject({ reason: 'eof' });
  });

  it('is not read any further after a quit', async () => {
    const { client, stdin, lines, code } = start();
    stdin.end('{"cmd":"quit","id":1}\n{"cmd":"respond","all":true,"code":"success"}\nwrong\n');
    expect(await code).toBe(0);
    expect(client.commands).toEqual([{ cmd: 'quit', id: 1 }]);
    expect(lines().map(({ type }) => type)).toEqual(['summary']);
  });

  it('waits while complaints about it are not written', async () => {
    const stdout = new SlowOutput();
    stdout.hold = true;
    const { client, stdin, code } = start({}, stdout);
    stdin.write('wrong\n'.repeat(1_000));
    await turns();
    stdin.write('{"cmd":"snapshot"}\n');
    await turns();
    expect(client.commands).toEqual([]);
    stdout.release();
    await turns();
    expect(client.commands).toEqual([{ cmd: 'snapshot' }]);
    client.end();
    await code;
  });

  it('cannot speak to the terminal by way of a complaint', async () => {
    const { client, stdin, said, code } = start();
    stdin.write('\u001b]0;title\u0007\n');
    await turns();
    client.end();
    await code;
    expect([...said()].filter((c) => c < ' ' && c !== '\n')).toEqual([]);
  });

  it.each([
    ['nothing came from it', '\n', {}],
    ['the run ends by itself', '{"cmd":"snapshot"}\n', { endsByItself: true }],
  ])('does not end the run when %s', async (_, text, options) => {
    const { client, stdin, code } = start(options);
    stdin.end(text);
    await turns();
    expect(client.commands).not.toContainEqual({ cmd: 'quit' });
    client.end();
    expect(await code).toBe(0);
  });

  it("shows the `done` of a script's quit, and not of its own", async () => {
    const { client, stdin, lines, code } = start();
    client.onQuit = () => {
      client.say({ type: 'done', t: 1, id: null, cmd: 'quit', count: 0 });
      client.end();
    };
    stdin.write('{"cmd":"quit"}\n');
    await code;
    expect(lines().map(({ type }) => type)).toEqual(['done', 'summary']);
  });

  it('waits with further commands while a thousand are under way', async () => {
    const { client, stdin, code } = start();
    const line = '{"cmd":"snapshot"}\n';
    stdin.write(line.repeat(1_000));
    await turns();
    stdin.write(line.repeat(10));
    await turns();
    expect(client.commands).toHaveLength(1_000);
    for (let i = 0; i < 600; i++) client.say({ type: 'done', t: 1, id: null, cmd: 'snapshot', count: 0 });
    await turns();
    expect(client.commands).toHaveLength(1_010);
    client.end();
    await code;
  });
});
