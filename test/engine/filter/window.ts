import type { View, WindowRequest } from '../../../src/protocol/messages.ts';
import type { Rig } from '../fixture.ts';

/** A window of 10 rows each, with what is asked for. */
export const window = (asked: Partial<WindowRequest> = {}): WindowRequest => ({
  control: 'window',
  streamRows: 10,
  streamEnd: null,
  pendingRows: 10,
  pendingFirst: 0,
  perSecond: 10,
  ...asked,
});

/** The view when all that is asked for has been looked at. */
export function settled(r: Rig, asked: Partial<WindowRequest>): View {
  let view = r.session.view(window(asked));
  const open = ({ filters, test }: View) =>
    [...Object.values(filters), ...(test ? [test] : [])].some((report) => report.scanned < report.total);
  for (let i = 0; open(view); i++) {
    if (i === 10_000) throw new Error('a scan does not come to its end');
    r.session.step(r.session.state.nowNs());
    view = r.session.view(window(asked));
  }
  return view;
}
