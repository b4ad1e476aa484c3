// Lines of packages that the bundle has otherwise: a CommonJS module cannot await at its top, and Ink does more than draw.
import { readFileSync } from 'node:fs';

const REPLACED = [
  {
    // In the bundle Yoga says when its WebAssembly is ready (src/ui/paint/layout-ready.ts); its constants are there before.
    file: /yoga-layout\/dist\/src\/index\.js$/,
    old: 'const Yoga = wrapAssembly(await loadYoga());\nexport default Yoga;',
    now: `import constants from './generated/YGEnums.js';
let Yoga = constants;
export const ready = loadYoga().then((assembly) => { Yoga = wrapAssembly(assembly); });
export { Yoga as default };`,
  },
  {
    // Signals are the program's (src/terminal/lifecycle.ts): Ink would end the process on those that only it listens to.
    file: /ink\/build\/ink\.js$/,
    old: 'signalExit(this.unmount, { alwaysLast: false })',
    now: '(() => {})',
  },
  {
    // Ink's tools for developers: a user who has DEV set wants none.
    file: /ink\/build\/reconciler\.js$/,
    old: `process.env['DEV'] === 'true'`,
    now: 'false',
  },
];

/** @type {import('esbuild').Plugin} */
export const awaits = {
  name: 'awaits',
  setup(build) {
    for (const { file, old, now } of REPLACED) {
      build.onLoad({ filter: file }, ({ path }) => {
        const text = readFileSync(path, 'utf8');
        if (!text.includes(old)) throw new Error(`${path} is not as expected: see scripts/lib/awaits.mjs`);
        return { contents: text.replaceAll(old, now), loader: 'js' };
      });
    }
  },
};
