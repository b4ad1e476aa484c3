// The real program on the embedded mock.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { iopftop, type Line, shell } from '../helpers/bin.ts';
import { messageProblem } from '../helpers/schema.ts';

const directory = mkdtempSync(join(tmpdir(), 'iopftop-e2e-'));
afterAll(() => rmSync(directory, { recursive: true }));
// A stale clone builds at the first start, which says so on stderr.
beforeAll(() => iopftop(['--version']));

const VIRTUAL = ['--headless', '--virtual-time'];
const ofType = (lines: Line[], type: string): Line[] => lines.filter((line) => line.type === type);

describe('a headless run', () => {
  it('begins with hello, ends with the summary, and is valid line by line', async () => {
    const { code, lines, stdout, stderr } = await iopftop([...VIRTUAL, '--count', '200', '--answer', 'success']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.trimEnd().split('\n')).toHaveLength(lines.length);
    expect(lines.map(messageProblem).filter((problem) => problem !== null)).toEqual([]);
    expect(lines[0]).toMatchObject({ type: 'hello', target: { kind: 'mock', mock: true } });
    expect(lines.at(-1)).toMatchObject({ type: 'summary', reason: 'count', outstanding: { groups: 0 } });
    expect(ofType(lines, 'answer')).toHaveLength(200);
    expect(new Set(ofType(lines, 'fault').map(({ group }) => group)).size).toBe(200);
  });

  it.each([
    ['burst', 7],
    ['burst', 100],
    ['multi-page', 1],
    ['multi-page', 23],
    ['pasid-storm', 50],
    ['refault-loop', 64],
  ])('prints as many groups as are asked for, whole: %s, %i', async (scenario, n) => {
    const args = [...VIRTUAL, '-s', scenario, `-n${n}`, '-asuccess', '--expect', 'success == groups'];
    const { code, lines } = await iopftop(args);
    expect(code).toBe(0);
    const faults = ofType(lines, 'fault');
    expect([...new Set(faults.map(({ group }) => group))]).toEqual(Array.from({ length: n }, (_, i) => i + 1));
    expect(faults.at(-1).lastPage).toBe(true);
    const { counters, beyond = { groups: 0, faults: 0 } } = lines.at(-1);
    expect([counters.groups, counters.faults]).toEqual([n + beyond.groups, faults.length + beyond.faults]);
    expect(lines.map(messageProblem).filter((problem) => problem !== null)).toEqual([]);
    const groups = await iopftop([...args, '--stream', 'groups']);
    expect(ofType(groups.lines, 'group')).toHaveLength(n);
  });

  it('gives the same bytes for the same seed in virtual time, and others for another', async () => {
    const args = [...VIRTUAL, '--count', '500', '--answer', 'success', '--seed'];
    const [first, again, other] = await Promise.all(['7', '7', '8'].map((seed) => iopftop([...args, seed])));
    expect(first!.stdout).toBe(again!.stdout);
    expect(first!.stdout).not.toBe(other!.stdout);
  });

  it('shows groups with the names of their devices', async () => {
    const { lines } = await iopftop([...VIRTUAL, '--count', '20', '--answer', 'success', '--stream', 'groups']);
    expect(ofType(lines, 'fault')).toEqual([]);
    expect(ofType(lines, 'group').length).toBeGreaterThanOrEqual(20);
    for (const { device } of ofType(lines, 'group')) expect(device).not.toMatch(/^device \d/);
    expect(lines.map(messageProblem).filter((problem) => problem !== null)).toEqual([]);
  });

  it('can do with the changes and the summary alone', async () => {
    const { lines } = await iopftop([...VIRTUAL, '--count', '20', '--answer', 'success', '--stream', 'none']);
    for (const type of ['fault', 'group', 'answer']) expect(ofType(lines, type)).toEqual([]);
  });

  it('says in a dry run what the rules would have done, and leaves every group', async () => {
    const args = ['--scenario', 'demand-paging', '--duration', '2s', '--dry-run', '--answer', 'invalid'];
    const { code, lines } = await iopftop([...VIRTUAL, ...args]);
    expect(code).toBe(3);
    expect(lines.map(messageProblem).filter((problem) => problem !== null)).toEqual([]);
    const { counters, outstanding } = lines.at(-1)!;
    expect(lines[0]).toMatchObject({ dryRun: true, readOnly: false });
    expect(ofType(lines, 'answer')).toEqual([]);
    expect(ofType(lines, 'verdict').map(({ group }) => group)).toEqual(
      Array.from({ length: counters.groups }, (_, i) => i + 1),
    );
    expect(outstanding).toEqual({ groups: counters.groups, plan: 'hold', answered: 0 });
  });

  it('ends after --duration, in its own time, also with no input', async () => {
    const { lines } = await iopftop([...VIRTUAL, '--duration', '5s']);
    expect(lines.at(-1)).toMatchObject({ reason: 'duration', t: expect.closeTo(5, 1) });
  });

  it('ends after --idle', async () => {
    const { lines } = await iopftop([...VIRTUAL, '--scenario', 'stuck', '--idle', '3m']);
    expect(lines.at(-1)).toMatchObject({ reason: 'idle' });
  });

  it('leaves with 3 when groups stay unanswered, and with 0 when the exit plan answers them', async () => {
    const args = [...VIRTUAL, '--scenario', 'stuck', '--count', '1'];
    const held = await iopftop(args);
    expect(held.code).toBe(3);
    expect(held.lines.at(-1).outstanding).toMatchObject({ plan: 'hold', answered: 0 });
    const answered = await iopftop([...args, '--on-exit', 'invalid']);
    expect(answered.code).toBe(0);
    const { groups, answered: count } = answered.lines.at(-1).outstanding;
    expect(groups).toBe(count);
    expect(ofType(answered.lines, 'answer')[0]).toMatchObject({ code: 'invalid', cause: 'exit' });
  });

  it('follows the rules of a file', async () => {
    const rules = join(directory, 'rules.toml');
    writeFileSync(rules, "[[rule]]\nname = 'writes'\nwhen = 'write'\nthen = 'invalid'\n[[rule]]\nthen = 'success'\n");
    const { lines } = await iopftop([...VIRTUAL, '--rules', rules, '--count', '100', '--stream', 'groups']);
    const writes = new Set(ofType(lines, 'group').flatMap((g) => (g.perm.includes('write') ? [g.group] : [])));
    const answers = ofType(lines, 'answer').filter(({ cause }) => cause === 'rule');
    expect(answers.length).toBeGreaterThan(0);
    for (const { group, code, rule } of answers) {
      expect([code, rule]).toEqual(writes.has(group) ? ['invalid', 'writes'] : ['success', 'rule 2']);
    }
  });

  it('keeps a journal of what it did', async () => {
    const journal = join(directory, 'journal');
    const { lines } = await iopftop([...VIRTUAL, '--count', '5', '--answer', 'invalid', '--journal', journal]);
    expect(readFileSync(journal, 'utf8').split('\n').length).toBeGreaterThan(3);
    expect(lines.at(-1).counters.invalid).toBeGreaterThanOrEqual(5);
  });
});

describe('a script on stdin', () => {
  it('answers, changes, triggers and quits, each said with its id', async () => {
    const script = [
      { id: 'p', cmd: 'policy', rules: [{ then: 'success' }] },
      { id: 's', cmd: 'snapshot' },
      { id: 'g', cmd: 'respond', group: 999_999, code: 'success' },
      { id: 'd', cmd: 'detach', devId: 999_999 },
      { id: 'q', cmd: 'quit' },
    ];
    const input = script.map((command) => `${JSON.stringify(command)}\n`).join('');
    const { lines, code } = await iopftop(['--headless'], { input });
    expect(lines.map(messageProblem).filter((problem) => problem !== null)).toEqual([]);
    expect(ofType(lines, 'done').map(({ id, cmd }) => [id, cmd])).toEqual([
      ['p', 'policy'],
      ['q', 'quit'],
    ]);
    // One at the start, and the one that was asked for.
    expect(ofType(lines, 'snapshot')).toHaveLength(2);
    expect(ofType(lines, 'error').map(({ id, kind }) => [id, kind])).toEqual([
      ['g', 'gone'],
      ['d', 'gone'],
    ]);
    expect(lines.at(-1)).toMatchObject({ type: 'summary', reason: 'quit' });
    expect(code).toBe(0);
  });

  it('can replace, detach, attach again and trigger', async () => {
    const first = await iopftop(['--once', '--json', '--duration', '0', '--scenario', 'stuck']);
    const [device] = JSON.parse(first.stdout).devices;
    const script = [
      { id: 1, cmd: 'replace', devId: device.devId, hwpt: 'new-paging' },
      { id: 2, cmd: 'trigger', devId: device.devId, count: 3 },
    ];
    const input = script.map((command) => `${JSON.stringify(command)}\n`).join('');
    const { lines } = await iopftop(['--headless', '--scenario', 'stuck', '--on-exit', 'invalid'], { input });
    expect(ofType(lines, 'done').map(({ id, count }) => [id, typeof count])).toEqual([
      [1, 'number'],
      [2, 'number'],
    ]);
    expect(ofType(lines, 'attachment').map(({ change }) => change)).toContain('replaced');
    expect(lines.at(-1)).toMatchObject({ reason: 'eof' });
  });

  it('is refused line by line when it may only read', async () => {
    const input = '{"id":1,"cmd":"policy","rules":[{"then":"success"}]}\n';
    const { lines, stderr } = await iopftop(['--headless', '--read-only'], { input });
    expect(ofType(lines, 'error')).toMatchObject([{ id: 1, kind: 'refused' }]);
    expect(stderr).toContain('read-only');
  });
});

describe('--once', () => {
  it('prints one snapshot as JSON', async () => {
    const { code, lines, stderr } = await iopftop(['--once', '--json', '--duration', '300ms', '--scenario', 'stuck']);
    expect([code, stderr]).toEqual([0, '']);
    expect(lines).toHaveLength(1);
    expect(messageProblem(lines[0])).toBeNull();
    expect(lines[0].pending).toHaveLength(lines[0].counters.pending);
  });

  it('prints it as tables', async () => {
    const { code, stdout } = await iopftop(['--once', '--duration', '300ms']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^MOCK.*\n\nDEVICES\n.*DEVID/);
    expect(stdout).toMatch(/QUEUES\n/);
    expect(stdout).toMatch(/PENDING GROUPS/);
  });
});

describe('ends from outside', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s: the exit plan, the summary, %i', async (signal, expected) => {
    let sent = false;
    const { code, lines } = await iopftop(['--headless', '--on-exit', 'invalid'], {
      onStdout(text, child) {
        if (!sent && text.includes('"type":"fault"')) child.kill(signal);
        sent ||= text.includes('"type":"fault"');
      },
    });
    expect(code).toBe(expected);
    const last = lines.at(-1);
    expect(last).toMatchObject({ type: 'summary', reason: 'signal', outstanding: { plan: 'invalid' } });
    expect(last.outstanding.answered).toBe(last.outstanding.groups);
  });

  it('a closed pipe: quietly', async () => {
    const { stdout, stderr } = await shell(
      `"$NODE" "$BIN" --headless --on-exit success | head -1; echo "\${PIPESTATUS[0]}"`,
    );
    const [hello, status] = stdout.trim().split('\n');
    expect(JSON.parse(hello!).type).toBe('hello');
    expect([status, stderr]).toEqual(['0', '']);
  });

  it('a reader that has gone before the first line', async () => {
    const { stdout, stderr } = await shell(
      `"$NODE" "$BIN" --headless --on-exit success | true; echo "\${PIPESTATUS[0]}"`,
    );
    expect([stdout, stderr]).toEqual(['0\n', '']);
  });

  it('a full disk: with an error', async () => {
    const { stdout, stderr } = await shell('"$NODE" "$BIN" --headless > /dev/full; echo $?');
    expect(stdout).toBe('1\n');
    expect(stderr).toBe('iopftop: cannot write the output: ENOSPC: the disk is full\n');
  });

  it('is no crash for --version either', async () => {
    const { stdout, stderr } = await shell('"$NODE" "$BIN" --version > /dev/full; echo $?');
    expect([stdout, stderr]).toEqual(['1\n', 'iopftop: cannot write the output: ENOSPC\n']);
  });

  it('a full disk, for a text', async () => {
    const { stdout, stderr } = await shell('"$NODE" "$BIN" --help > /dev/full; echo $?');
    expect([stdout, stderr]).toEqual(['1\n', 'iopftop: cannot write the output: ENOSPC\n']);
  });

  it('a reader that stopped reading does not keep a signal from ending it', async () => {
    const script = `"$NODE" "$BIN" --headless --answer success --rate 1000 > >(exec sleep 30 >&- 2>&-) & pid=$!; sleep 1; kill -TERM $pid; wait $pid; echo $? >&2`;
    const { stderr } = await shell(script);
    expect(stderr).toBe('143\n');
  });
});
