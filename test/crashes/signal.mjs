// Loaded with --import into the real program: sends $IOPFTOP_TEST_SIGNAL to it at the $IOPFTOP_TEST_AT-th of its calls of some
// methods that it calls all the time; of those before the engine has started, or ($IOPFTOP_TEST_PHASE is `run`) after that.
import { EventEmitter } from 'node:events';
import { isMainThread } from 'node:worker_threads';

const { IOPFTOP_TEST_SIGNAL: signal, IOPFTOP_TEST_AT: at, IOPFTOP_TEST_PHASE: wanted } = process.env;
if (isMainThread && signal) {
  const calls = { start: 0, run: 0 };
  /** @type {keyof typeof calls} */
  let phase = 'start';
  /**
   * @param {any} object whichever has the method: what it takes and gives is passed on
   * @param {string} name @param {(...args: any[]) => void} [look]
   */
  const watch = (object, name, look = () => {}) => {
    const method = object[name];
    /** @this {unknown} @param {unknown[]} args */
    object[name] = function watched(...args) {
      look(...args);
      if (++calls[phase] === Number(at) && phase === wanted) process.kill(process.pid, signal);
      return method.apply(this, args);
    };
  };
  for (const name of ['map', 'filter', 'find', 'push', 'join']) watch(Array.prototype, name);
  for (const name of ['startsWith', 'slice', 'replace', 'split']) watch(String.prototype, name);
  watch(JSON, 'stringify');
  watch(EventEmitter.prototype, 'emit', (name, message) => {
    if (name === 'message' && message?.kind === 'started') phase = 'run';
  });
  process.on('exit', () => process.stderr.write(`calls: ${calls.start} ${calls.run}\n`));
}
