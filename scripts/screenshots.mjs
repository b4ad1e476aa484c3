// `npm run screenshots [name …]`: sets up what is missing, then makes screenshots/*.svg and *.png.
// Plain Node without a dependency, since it runs before there is any.
import { setup } from './setup.mjs';

if (await setup()) {
  const { makeScreenshots } = await import('./screenshots/make.mjs');
  await makeScreenshots(process.argv.slice(2));
} else process.exitCode = 1;
