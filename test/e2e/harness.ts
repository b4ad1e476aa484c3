// The screen over the fake engine, as a program of its own for the terminal tests. Arguments: the session to play,
// and as JSON what of the configuration is not as usual.

import { firstFrame } from '../../src/ui/app/first-frame.ts';
import { runScreen } from '../../src/ui/app/screen.ts';
import { DEFAULT_SCREEN } from '../../src/ui/model/config.ts';
import { FakeEngine, hello } from '../ui/fixtures/fake-engine.ts';
import { OWNER } from '../ui/fixtures/owner.ts';
import { reporter } from './reports.ts';

const [play = 'some', configured = '{}'] = process.argv.slice(2);
const { stdout, stdin, env } = process;
const report = reporter(env);
firstFrame(stdout, { columns: stdout.columns, rows: stdout.rows, version: '0.1.0', target: 'MOCK stuck', env });

const engine = new FakeEngine();
if (play !== 'none') {
  for (let i = 1; i <= 5; i++) engine.fault(i % 2 ? 1 : 2, i === 3 ? 5 : null);
  engine.t = 3;
}
if (play === 'many') for (let i = 0; i < 500; i++) engine.fault(1 + (i % 2));

if (play === 'rules') {
  engine.rules = ['first', 'second'].map((name) => ({ name, then: 'hold', enabled: true, hits: 3 }));
}
if (play === 'trial') {
  const held = { id: 0, everything: false, matched: 3, scanned: 5, total: 5, shadowed: 0, pending: 2, sample: [5, 3] };
  engine.trial = ({ when }) =>
    when?.includes('foo') ? { ...held, error: 'Unknown variable: foo', at: 9 } : { ...held, error: null, at: null };
}
if (play === 'owner') engine.owner = OWNER;
if (play === 'doubts') for (let group = 1; group <= 5; group++) engine.known.set(group, { mapped: false });

/** Every row of the stream is another in each view. */
function flood(): void {
  const sent = engine.commands.length;
  for (let i = 0; i < 40; i++) engine.answer(engine.fault(1));
  engine.publish();
  report(`published ${engine.view().snapshot.counters.faults} ${sent}`);
}

const publisher = setInterval(
  () => {
    engine.t += 0.05;
    if (play === 'flood') return flood();
    if (play === 'busy') engine.fault(1);
    engine.publish();
  },
  play === 'flood' ? 5 : 50,
);
// the test says when: the kernel takes group 1 away, or the screen has a bug
process.on('SIGUSR2', () => {
  if (play === 'crash') throw new Error('the test made it crash');
  engine.answer(1, 3);
  engine.publish();
});
const code = await runScreen(engine, hello, { stdout, stdin, env }, { ...DEFAULT_SCREEN, ...JSON.parse(configured) });
clearInterval(publisher);
report(`code ${code}`);
process.exit(code);
