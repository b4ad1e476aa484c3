// Loaded with --import into the real program, in each of its threads: a line in $IOPFTOP_TEST_LOADS for each script that is read
// from a file, ES module or CommonJS.
import { appendFileSync } from 'node:fs';
import { Session } from 'node:inspector';

const { IOPFTOP_TEST_LOADS: log = '' } = process.env;
const session = new Session();
session.connect();
session.on('Debugger.scriptParsed', ({ params: { url } }) => {
  if (url.startsWith('file:')) appendFileSync(log, `${url}\n`);
});
session.post('Debugger.enable');
