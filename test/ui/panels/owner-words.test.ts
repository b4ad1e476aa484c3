import { describe, expect, it } from 'vitest';
import type { OwnerRow } from '../../../src/protocol/messages.ts';
import { KEYS } from '../../../src/ui/model/keys.ts';
import { meaning, remedies, remedyLine } from '../../../src/ui/model/owner/meaning.ts';
import { queueWords } from '../../../src/ui/model/owner/queue-words.ts';
import { stateWords } from '../../../src/ui/model/owner/state-words.ts';
import { OWNER, OWNER_HELLO, QUEUE, TAKEN } from '../fixtures/owner.ts';

const of = (changed: Partial<OwnerRow>): OwnerRow => ({ ...OWNER, ...changed });
const STATE = { keys: KEYS, hello: OWNER_HELLO };
const READ_ONLY = { ...STATE, hello: { ...OWNER_HELLO, readOnly: true } };

describe('the state of a process', () => {
  it.each([
    [{ state: 'R', wchan: null, syscall: null }, 'R runs'],
    [{ state: 'S' }, 'S sleeps in futex_do_wait (system call 202)'],
    [{ state: 'D', syscall: null }, 'D waits uninterruptibly in futex_do_wait'],
    [{ state: 'T', stopped: true }, 'T stopped by iopftop (SIGSTOP)'],
    [{ state: 'T' }, 'T stopped, not by iopftop'],
    [{ state: 't' }, 't held by a debugger (ptrace)'],
    [{ state: 'Z' }, 'Z has ended, and its parent has not reaped it'],
    [{ state: null }, 'has ended'],
  ])('%j is %s', (changed, words) => {
    expect(stateWords(of(changed)).text).toBe(words);
  });
});

describe('a queue', () => {
  const words = (changed: object, owner = OWNER, ours = [] as Parameters<typeof queueWords>[2]) =>
    queueWords({ ...QUEUE, ...changed }, owner, ours).texts[0];

  it('that stays readable is not being read', () => {
    expect(words({})).toBe('POLLIN: readable for 12.0 s at 24 of 24 polls: the owner is not reading it');
  });

  it('that has just become readable may be read at once', () => {
    expect(words({ readableNs: 4e8, looks: 2, readableLooks: 1 })).toBe('POLLIN: groups wait in it, at 1 of 2 polls');
  });

  it('that comes and goes is being read', () => {
    expect(words({ readable: false, readableNs: null, readableLooks: 3 })).toBe(
      'empty now, readable at 3 of 24 polls: the owner is reading it',
    );
    expect(words({ readable: false, readableNs: null, readableLooks: 0 })).toBe('empty at each of 24 polls');
  });

  it('that cannot be seen is not said to be empty', () => {
    expect(words({ readable: null, readableNs: null, looks: 0, readableLooks: 0 })).toContain('not known');
  });

  it('that is taken over is ours by its number', () => {
    const row = { queue: 2, faultId: 4, fd: 30, readable: true, pending: 7, faults: 9, closed: false };
    expect(words({ queue: 2 }, OWNER, [row])).toBe('taken over: read here as queue 2; 7 groups pending here, POLLIN');
    expect(words({ queue: 2 }, OWNER, [{ ...row, closed: true }])).toBe('taken over as queue 2, now closed');
    expect(words({}, of({ state: null }))).toBe('closed with its process');
  });
});

describe('what it means', () => {
  const first = (changed: Partial<OwnerRow>) => meaning(of(changed), STATE).join(' ');

  it('is said of what stands still, and who may let it go on', () => {
    expect(first({ stopped: true, goesOnAtEnd: true, state: 'T' })).toContain('is resumed when iopftop quits');
    expect(first({ stopped: true, state: 'T' })).toContain('A rescue left it stopped');
    expect(first({ state: 'T' })).toContain('kill -CONT 1234');
    expect(first({ state: 't' })).toContain('debugger');
    expect(first({ state: 'D' })).toContain('cannot even be killed');
    expect(first({ state: null })).toContain('the kernel has answered everything outstanding INVALID');
  });

  it('names the way out where nothing waits unread and a device hangs all the same', () => {
    const queues = [{ ...QUEUE, readable: false, readableNs: null, readableLooks: 0 }];
    expect(first({ queues })).toContain('read and never answered: R answers them');
  });

  it('does not take what cannot be seen for empty', () => {
    expect(first({ queues: [{ ...QUEUE, readable: null, readableNs: null }] })).toContain('ptrace rights');
    expect(first({ queues: [] })).toContain('no fault queue');
  });

  it('says that a running owner reads as well', () => {
    expect(first({ taken: true })).toContain('may read too');
    expect(first({ taken: true, state: 'T', stopped: true })).not.toContain('may read too');
  });
});

describe('what can be done', () => {
  const keys = (owner: OwnerRow, state = STATE) => remedies(owner, state).map(({ key }) => key);

  it('is what the keys do now', () => {
    expect(keys(OWNER)).toEqual(['O', 'R', 'Z']);
    expect(keys(of(TAKEN))).toEqual(['R', 'Z']);
    // one that it has opened since
    expect(keys(of({ taken: true, queues: [...TAKEN.queues, QUEUE] }))).toEqual(['O', 'R', 'Z']);
    expect(keys(of({ queues: [] }))).toEqual(['Z']);
    expect(keys(of({ state: null }))).toEqual([]);
    expect(keys(OWNER, READ_ONLY)).toEqual([]);
  });

  it('is a line that says why where it is nothing', () => {
    expect(remedyLine(OWNER, READ_ONLY)).toEqual(['read-only: nothing is taken over or stopped']);
    expect(remedyLine(of({ state: null }), STATE)[0]).toContain('nothing is left to do here');
    expect(remedyLine(of({ stopped: true }), STATE)[0]).toContain('Z resumes it');
  });
});
