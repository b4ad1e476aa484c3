import { describe, expect, it } from 'vitest';
import { paletteItems } from '../../src/ui/actions/palette-items.ts';
import { copied } from '../../src/ui/panels/copied.ts';
import { Session } from './fixtures/session.ts';

function busy(): Session {
  const session = new Session(100, 30);
  for (let i = 1; i <= 20; i++) session.engine.fault(1, i % 5 === 0 ? 5 : null);
  return session.view();
}

describe('copying', () => {
  it('takes the row of a pending group, with tabs between its cells', () => {
    const session = busy().press('down y');
    const [effect] = session.effects;
    expect(effect).toMatchObject({ do: 'copy', what: 'group 2' });
    expect(effect?.do === 'copy' && effect.text.split('\t').slice(1, 3)).toEqual(['2', 'mock0']);
  });

  it('has the JSON of the group as snapshots have it, and its address', () => {
    const { state } = busy();
    expect(copied(state)?.json).toBe(state.view!.snapshot.pending[0]);
    expect(copied(state)?.address).toBe('0x7f0000001000');
  });

  it('has the JSON of a fault as the stream of lines has it', () => {
    const { state } = busy().press('4 up');
    expect(copied(state)?.json).toEqual({
      type: 'fault',
      t: 0,
      seq: 19,
      group: 19,
      queue: 0,
      cookie: 19,
      devId: 1,
      pasid: null,
      grpid: 19,
      perm: ['read', 'write'],
      addr: '0x7f0000013000',
      length: 0,
      lastPage: true,
      flags: 2,
    });
  });

  it('has devices, and attachments of PASIDs', () => {
    const { state } = busy().press('2 down');
    expect(copied(state)).toMatchObject({ what: 'mock0 PASID 5', address: null, json: { pasid: 5, hwptId: 6 } });
  });

  it('offers row, address and JSON', () => {
    const session = busy().press('Y');
    const items = paletteItems(session.state, session.state.palette!);
    expect(items.map(({ name }) => name)).toEqual(['row', 'address', 'JSON']);
    session.type('js').press('enter');
    const [effect] = session.effects;
    expect(effect?.do === 'copy' && JSON.parse(effect.text)).toMatchObject({ group: 1 });
  });

  it('has the field under the cursor of the detail, and the record that it is of', () => {
    const session = busy().press('3').view().press('down enter').view().press('down');
    expect(copied(session.state)).toMatchObject({ what: 'dev_id of group 2', text: 'dev_id\t1\tiommufd device' });
    expect(copied(session.state)?.json).toMatchObject({ type: 'fault', group: 2, seq: 2, queue: 0 });
  });

  it('has entries of the journal, whole, and rules', () => {
    const session = busy();
    session.engine.journal = [{ t: 1.5, action: 'answer', cause: 'key', code: 'success', groups: '1-3', count: 3 }];
    session.press('6').view();
    expect(copied(session.state)).toMatchObject({ what: "the journal's answer", json: { groups: '1-3', count: 3 } });
    expect(copied(session.state)?.text.split('\t')).toContain('1.500');
  });

  it('says where there is nothing to copy', () => {
    const session = new Session(100, 30).view().press('y');
    expect(session.effects).toEqual([]);
    expect(session.state.status?.text).toBe('There is no row to copy here.');
  });
});
