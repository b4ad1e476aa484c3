// The simulation finds what it is there to find: parts of the program are broken on purpose, and some seed says so.
import { describe, expect, it } from 'vitest';
import type { FromEngine } from '../../src/protocol/messages.ts';
import type { Life } from './life.ts';
import type { SecondKind } from './second.ts';
import { shrink } from './shrink.ts';
import { simulate } from './simulation.ts';

const SEEDS = 1_000;

/** What the first seed that finds it says. */
async function found(breakIt: (life: Life) => void, second: SecondKind = 'none'): Promise<string | null> {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const { broken } = await simulate({ seed, steps: 80, breakIt, second });
    if (broken !== null) return broken;
  }
  return null;
}

/** Replaces a method by one that has the original. */
function wrap<T extends object, K extends keyof T>(object: T, name: K, by: (original: T[K]) => T[K]): void {
  const original = (object[name] as (...args: never[]) => unknown).bind(object) as T[K];
  object[name] = by(original);
}

const every = (count: number): (() => boolean) => {
  let calls = 0;
  return () => ++calls % count === 0;
};

describe('the same seed', () => {
  it('is the same run, turn by turn', async () => {
    for (const seed of [3, 57, 1069]) {
      const [first, second] = [await simulate({ seed, steps: 80 }), await simulate({ seed, steps: 80 })];
      expect(second).toEqual(first);
    }
  });
});

describe('an engine that', () => {
  it.each<[string, (life: Life) => void, RegExp]>([
    [
      'loses a pending group',
      ({ loop }) => {
        const { pending } = loop.session.state.ledger;
        const now = every(5);
        wrap(pending, 'add', (add) => (group) => void (now() || add(group)));
      },
      /pending/,
    ],
    [
      'answers twice',
      ({ kernel }) =>
        wrap(kernel, 'write', (write) => (fd, bytes, count) => {
          const written = write(fd, bytes, count);
          if (written > 0) write(fd, bytes, count);
          return written;
        }),
      /is not outstanding/,
    ],
    [
      'answers SUCCESS for INVALID',
      ({ kernel }) =>
        wrap(kernel, 'write', (write) => (fd, bytes, count) => {
          const other = bytes.slice();
          if (other.length >= 8 && other[4] === 1) other[4] = 0;
          return write(fd, other, count);
        }),
      /the journal says invalid of group/,
    ],
    [
      'does not count a group',
      ({ loop }) => {
        const { totals } = loop.session.state.ledger;
        let groups = 0;
        Object.defineProperty(totals, 'groups', {
          get: () => groups,
          set: (value: number) => {
            groups = value === 7 ? 6 : value;
          },
        });
      },
      /groups/,
    ],
    [
      'keeps an answer from the journal',
      ({ journal }) => {
        const now = every(4);
        wrap(journal, 'write', (write) => (entry) => void (entry.action === 'answer' && now() ? 0 : write(entry)));
      },
      /the journal has/,
    ],
    [
      'does not say what it dropped',
      ({ front }) => {
        const now = every(3);
        const push = front.fromEngine.push.bind(front.fromEngine);
        front.fromEngine.push = (messages: FromEngine[]) =>
          push(messages.filter((message) => message.type !== 'batch' || !now()));
      },
      /is printed after|faults were printed/,
    ],
    [
      'answers a command twice',
      ({ front }) => {
        const push = front.fromEngine.push.bind(front.fromEngine);
        front.fromEngine.push = (messages: FromEngine[]) =>
          push(messages.flatMap((message): FromEngine[] => (message.type === 'done' ? [message, message] : [message])));
      },
      /command \d+ is answered 2 times/,
    ],
    [
      'does not tell of an answer',
      ({ front }) => {
        const push = front.fromEngine.push.bind(front.fromEngine);
        front.fromEngine.push = (messages: FromEngine[]) =>
          push(messages.filter((message) => message.type !== 'auto-responded'));
      },
      /is answered in the journal only/,
    ],
    [
      'does not say that the run before was killed',
      ({ front }) => {
        const push = front.fromEngine.push.bind(front.fromEngine);
        front.fromEngine.push = (messages: FromEngine[]) =>
          push(messages.filter((message) => message.type !== 'notice'));
      },
      /the run before was killed/,
    ],
    [
      'counts a source twice',
      ({ loop }) => {
        const source = loop.session.state.ledger.requesters.of(0xbad, -1);
        source.groups = 1;
      },
      /the sources have/,
    ],
    [
      'leaves descriptors open',
      ({ kernel }) => wrap(kernel, 'close', (close) => (fd) => (fd === 4 ? 0 : close(fd))),
      /left open|never answered/,
    ],
    [
      'does not give a device back to its driver',
      ({ place, kernel }) => {
        if (place.kind.kind !== 'host') return;
        const { files } = kernel;
        wrap(files, 'write', (write) => (path, text) => path.endsWith('/idxd/bind') || write(path, text));
      },
      /^the devices were .* idxd .* and are/,
    ],
    [
      'reads nothing before a detach',
      ({ kernel, loop }) => {
        const { queues } = loop.session.state.source;
        let polled = false;
        wrap(kernel, 'poll', (poll) => (fds, timeoutMs) => {
          polled = true;
          return poll(fds, timeoutMs);
        });
        wrap(queues[0] as NonNullable<(typeof queues)[0]>, 'read', (read) => (bytes) => {
          if (!polled) return 0;
          polled = false;
          return read(bytes);
        });
      },
      /nobody had seen|never answered/,
    ],
  ])('%s is found', { timeout: 300_000 }, async (_, breakIt, says) => {
    expect(await found(breakIt)).toMatch(says);
  });
});

describe('an engine with two listeners that', () => {
  it.each<[string, (life: Life) => void, RegExp]>([
    [
      'tells a second listener what another one has asked',
      ({ loop }) => wrap(loop.session.state, 'emit', (emit) => (message) => emit(message)),
      /listener \d+: (a reply to|\d+ snapshots)/,
    ],
    [
      'keeps faults from a second listener without a word',
      ({ second }) => {
        const now = every(3);
        wrap(
          second,
          'send',
          (send) => (to, messages) =>
            send(
              to,
              messages.filter(({ type }) => type !== 'batch' || !now()),
            ),
        );
      },
      /listener \d+: .* faults when it joined|listener \d+: the first fault is/,
    ],
    [
      'tells a second listener things in another order',
      ({ second }) =>
        wrap(
          second,
          'send',
          (send) =>
            (to, [hello, ...messages]) =>
              send(
                to,
                hello?.type === 'hello' ? [hello, ...messages] : [...messages.reverse(), ...(hello ? [hello] : [])],
              ),
        ),
      /listener \d+: /,
    ],
  ])('%s is found', { timeout: 300_000 }, async (_, breakIt, says) => {
    expect(await found(breakIt, 'passive')).toMatch(says);
  });
});

describe('a seed that fails', () => {
  it('is made shorter and simpler, and fails in the same way', async () => {
    const breakIt = ({ loop }: Life): void => {
      const { pending } = loop.session.state.ledger;
      const now = every(5);
      wrap(pending, 'add', (add) => (group) => void (now() || add(group)));
    };
    let seed = 1;
    while ((await simulate({ seed, steps: 80, breakIt })).broken === null) seed++;
    const { steps, without } = await shrink({ seed, steps: 80, breakIt });
    expect(steps).toBeLessThan(80);
    expect(without.length).toBeGreaterThan(3);
    expect((await simulate({ seed, steps, without, breakIt })).broken).toMatch(/pending/);
  });
});
