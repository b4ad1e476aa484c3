// The screen of a program in a pseudo-terminal, as the comparison looks at it.
import { afterEach, expect, it } from 'vitest';
import { Screen } from '../../lab/bench/against/screen.mjs';

const running: Screen[] = [];
const shell = (script: string): Screen => {
  const screen = new Screen(['sh', '-c', script], [20, 3]);
  running.push(screen);
  return screen;
};
afterEach(() => Promise.all(running.splice(0).map((screen) => screen.end('SIGKILL'))));

it('has the cells that are shown, whatever bytes put them there', async () => {
  const screen = shell("printf '\\033[?25l\\033[2;3Hab'; sleep 0.2; printf '\\033[2;4H\\033[7mB'; read x");
  await screen.until('aB', () => screen.rows()[1] === '  aB');
  expect([screen.cell(22), screen.cell(23), screen.cell(24)]).toEqual(['a', 'B!', ' ']);
  expect(screen.cells()).toHaveLength(60);
});

it('times a key until what it shows', async () => {
  const screen = shell(
    'stty -echo -icanon min 1; printf ready; dd bs=1 count=1 2>/dev/null; sleep 0.2; printf done; read x',
  );
  await screen.until('ready', () => screen.rows()[0] === 'ready');
  const ms = await screen.press('k', 'done', () => screen.rows()[0]?.endsWith('done') === true);
  expect(ms).toBeGreaterThanOrEqual(200);
});

it('says what was on the screen when the program ended before', async () => {
  const screen = shell('printf broken');
  await expect(screen.until('its data', () => false)).rejects.toThrow(
    /^the program ended, and its screen has not shown its data:\nbroken/,
  );
});
