// Makes screenshots/*.svg and *.png from the real program in a real pseudo-terminal, in seeded scenarios.
// node scripts/screenshots.mjs [name …]
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pty from '@homebridge/node-pty-prebuilt-multiarch';
import { Resvg } from '@resvg/resvg-js';
import xterm from '@xterm/headless';
import { terminalSvg } from './screenshots/svg.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const OUT = join(ROOT, 'screenshots');
const LIMIT_MS = 20_000;
/** Where it is, the font that the widths are made for. */
const FONT = '/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf';
const BOLD = '/usr/share/fonts/truetype/dejavu/DejaVuSansMono-Bold.ttf';

/** Steps: a key to press, or a pattern to wait for. */
const SHOTS = [
  { name: 'overview-80x24', columns: 80, rows: 24, scenario: 'stuck', steps: [/oldest [3-9]\.\d s/] },
  { name: 'overview-120x40', columns: 120, rows: 40, scenario: 'pasid-storm', steps: [/oldest [2-9]\.\d s/] },
  { name: 'overview-200x60', columns: 200, rows: 60, scenario: 'multi-page', steps: [/oldest [3-9]\.\d s/] },
  { name: 'replace-100x30', columns: 100, rows: 30, scenario: 'stuck', steps: [/oldest [3-9]\.\d s/, 'r', /Cancel/] },
  { name: 'quit-100x30', columns: 100, rows: 30, scenario: 'stuck', steps: [/oldest [3-9]\.\d s/, 'q', /Cancel/] },
  { name: 'help-100x40', columns: 100, rows: 40, scenario: 'stuck', steps: [/oldest [1-9]\.\d s/, '?', /Help/] },
];

const screenText = (terminal) => {
  const { active } = terminal.buffer;
  const lines = Array.from({ length: terminal.rows }, (_, row) =>
    active.getLine(active.baseY + row).translateToString(true),
  );
  return lines.join('\n');
};

/** Plays a shot's steps; resolves with the terminal as it stands then. Rejects when a pattern does not come. */
function play({ columns, rows, scenario, steps, command, env = {} }) {
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  const args = command ?? ['bin/iopftop', '--scenario', scenario, '--seed', '42'];
  const program = pty.spawn(process.execPath, args, {
    cols: columns,
    rows,
    cwd: ROOT,
    env: { ...process.env, TERM: 'xterm-256color', LANG: 'C.UTF-8', ...env },
  });
  const left = [...steps];
  return new Promise((resolve, reject) => {
    const end = (settle, value) => {
      clearTimeout(limit);
      program.kill('SIGKILL');
      settle(value);
    };
    const limit = setTimeout(
      () => end(reject, new Error(`${left[0]} did not come in ${LIMIT_MS / 1000} s:\n${screenText(terminal)}`)),
      LIMIT_MS,
    );
    const look = () => {
      while (left.length) {
        if (typeof left[0] === 'string') program.write(left[0]);
        else if (!left[0].test(screenText(terminal))) return;
        left.shift();
      }
      end(resolve, terminal);
    };
    program.onData((data) => terminal.write(data, look));
  });
}

function png(svg) {
  const fontFiles = [FONT, BOLD].filter(existsSync);
  const font = { loadSystemFonts: fontFiles.length === 0, fontFiles, defaultFontFamily: 'DejaVu Sans Mono' };
  return new Resvg(svg, { font: { ...font, monospaceFamily: 'DejaVu Sans Mono' } }).render().asPng();
}

mkdirSync(OUT, { recursive: true });
const wanted = process.argv.slice(2);
for (const shot of SHOTS.filter(({ name }) => !wanted.length || wanted.includes(name))) {
  const svg = terminalSvg(await play(shot));
  writeFileSync(join(OUT, `${shot.name}.svg`), svg);
  writeFileSync(join(OUT, `${shot.name}.png`), png(svg));
  process.stdout.write(`screenshots/${shot.name}\n`);
}
