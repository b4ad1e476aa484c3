// What the kernel printed on its console: kept to its last part, and watched for reports of bugs in the kernel.
const KEPT = 128 * 1024;
const SPLAT =
  /\b(?:BUG:|WARNING:|Oops\b|Kernel panic|kernel BUG at|INFO: (?:task|rcu)|UBSAN:|general protection fault)/;
/** User-Mode Linux prints these on every boot, or on hosts that lack something; they do not matter to a command. */
const NOISE = /tempdir|ubd device|Checking|No seccomp|Using (?:seccomp|ptrace)/;

/** Lines of `text` in which the kernel reports a kernel bug. @param {string} text */
export const splats = (text) => text.split('\n').filter((line) => SPLAT.test(line) && !NOISE.test(line));

export class KernelLog {
  #text = '';
  #rest = '';
  /** @type {string[]} Lines that report a kernel bug. */
  splats = [];

  /** @param {Buffer} bytes */
  push(bytes) {
    const text = bytes.toString('latin1').replaceAll('\r', '');
    this.#text = (this.#text + text).slice(-KEPT);
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    this.splats.push(...splats(lines.join('\n')));
  }

  toString() {
    return this.#text.trim();
  }
}
