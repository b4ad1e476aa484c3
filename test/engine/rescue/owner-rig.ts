// A session that looks at the process of a World.
import { Journal } from '../../../src/engine/journal/journal.ts';
import type { EngineOptions } from '../../../src/engine/options.ts';
import { Session } from '../../../src/engine/session.ts';
import type { DoneMessage, ErrorMessage, FromEngine, RescueCommand, Rule } from '../../../src/protocol/messages.ts';
import { ProcessSource } from '../../../src/sources/process/process-source.ts';
import { OWN, PID, World } from '../../process/world.ts';
import { ofType, PLAIN_RUN } from '../fixture.ts';

export interface OwnerRig {
  world: World;
  session: Session;
  source: ProcessSource;
  events: FromEngine[];
  journal: Journal;
  /** Gives the command and steps until it is done or refused. */
  rescue(command?: Omit<RescueCommand, 'cmd'>): DoneMessage | ErrorMessage;
}

type Options = Partial<Omit<EngineOptions, 'source' | 'rules'>> & { rules?: Rule[]; take?: boolean };

/** `prepare` opens the owner's queues: it has to have one before it is looked at. */
export function ownerRig(prepare: (world: World) => void, { take = false, ...options }: Options = {}): OwnerRig {
  const world = new World();
  prepare(world);
  const undo = world.undoLog;
  const source = new ProcessSource(world.kernel, { pid: PID, take, own: OWN, undo, recovered: [] });
  const events: FromEngine[] = [];
  const journal = new Journal(null);
  const session = new Session({
    source,
    journal,
    emit: (event) => events.push(event),
    version: '0.0.0',
    startedAt: '2000-01-01T00:00:00.000Z',
    options: {
      source: { kind: 'process', pid: PID, take, recover: false },
      rules: [],
      ...PLAIN_RUN,
      ...options,
    },
  });
  const rescue = (command: Omit<RescueCommand, 'cmd'> = {}): DoneMessage | ErrorMessage => {
    session.command({ cmd: 'rescue', id: 1, ...command }, 'script');
    for (;;) {
      const found = events.find(
        (e): e is DoneMessage | ErrorMessage => (e.type === 'done' || e.type === 'error') && e.id === 1,
      );
      if (found) return found;
      session.step(session.state.nowNs());
    }
  };
  return { world, session, source, events, journal, rescue };
}

export const notices = (events: FromEngine[]): string[] => ofType(events, 'notice').map(({ what }) => what);
