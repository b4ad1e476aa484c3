// `npm run screenshots [-- --check] [-- name …]`: sets up what is missing, then makes screenshots/*.svg and *.png and the
// moving picture (tour.svg), or says where they differ from what the program shows (text and colours, in the SVG).
// Plain Node without a dependency, since it runs before there is any.
import { setup } from './setup.mjs';

/** @param {string[]} args */
async function main(args) {
  if (!(await setup())) return 1;
  const { checkScreenshots, makeScreenshots } = await import('./screenshots/make.mjs');
  const { ShotError } = await import('./screenshots/play.mjs');
  const names = args.filter((arg) => arg !== '--check');
  try {
    if (args.includes('--check')) return (await checkScreenshots(names)) ? 0 : 1;
    await makeScreenshots(names);
    return 0;
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof ShotError)) throw error;
    process.stderr.write(`screenshots: ${error.message}\n`);
    return 1;
  }
}

process.exitCode = await main(process.argv.slice(2));
