// Loaded with --import into the real program: throws where $IOPFTOP_TEST_THROW says.
import { EventEmitter } from 'node:events';
import { isMainThread } from 'node:worker_threads';

const where = process.env.IOPFTOP_TEST_THROW;
const bug = () => new Error('thrown by a test\u001b[2J');

/** @param {unknown} message */
const isMessages = (message) =>
  typeof message === 'object' && message !== null && 'kind' in message && message.kind === 'messages';

if (where === 'timer' && isMainThread)
  setTimeout(() => {
    throw bug();
  }, 1_500);
if (where === 'rejection' && isMainThread) setTimeout(() => void Promise.reject(bug()), 1_500);
if (where === 'message' && isMainThread) {
  // The first message from the engine that a listener gets.
  const on = EventEmitter.prototype.emit;
  EventEmitter.prototype.emit = function emit(name, ...args) {
    /** @type {unknown[]} */
    const [message] = args;
    if (name === 'message' && isMessages(message)) throw bug();
    return on.call(this, name, ...args);
  };
}

if (where === 'worker' && !isMainThread) {
  // In the engine, where it looks for messages.
  let looks = 0;
  const find = Map.prototype.get;
  Map.prototype.get = function get(key) {
    if (++looks === 2_000) throw bug();
    return find.call(this, key);
  };
}

if (where === 'exit' && !isMainThread) {
  let looks = 0;
  const find = Map.prototype.get;
  Map.prototype.get = function get(key) {
    if (++looks === 2_000) process.exit(0);
    return find.call(this, key);
  };
}
