import { expect, it } from 'vitest';
import type { Alarm } from '../../src/protocol/messages.ts';
import { Session } from './fixtures/session.ts';

const alarm = (devId: number | null, pasid: number | null = null): Alarm => ({
  kind: 'oldest',
  level: 'critical',
  value: 2e10,
  threshold: 1e10,
  since: 1,
  devId,
  pasid,
  text: 'waits',
});

function session(...alarms: Alarm[]): Session {
  const made = new Session(100, 30);
  made.engine.alarms = alarms;
  for (let i = 1; i <= 4; i++) made.engine.fault(1 + (i % 2));
  return made.view();
}

it('goes to the pending groups of the worst alarm, then to those of the next', () => {
  const s = session(alarm(2), alarm(1, 5)).press('!');
  expect(s.state).toMatchObject({ page: 'pending', filters: { pending: 'devId == 2' } });
  expect(s.press('!').state.filters.pending).toBe('devId == 1 && pasid == 5');
  expect(s.press('!').state.filters.pending).toBe('devId == 2');
});

it('shows all pending groups for an alarm of the whole run', () => {
  expect(session(alarm(null)).press('!').state).toMatchObject({ page: 'pending', filters: { pending: '' } });
});

it('says that there is none', () => {
  expect(session().press('!').state.status?.text).toBe('No alarm is active.');
});

it('does not say that a group is gone which the new filter leaves out', () => {
  const s = session(alarm(1)).press('!').view();
  expect(s.state.pending).toMatchObject({ group: 2, index: 0, movedFrom: null });
});
