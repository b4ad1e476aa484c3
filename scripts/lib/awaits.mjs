// Packages that await at the top of a module, which CommonJS cannot, without that.
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
