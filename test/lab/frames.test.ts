import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const LAB = fileURLToPath(new URL('../../lab/', import.meta.url));

/** The lab is plain JavaScript that works without packages; its parts are tried as they are. */
function evaluate(script: string): unknown {
  const done = spawnSync(process.execPath, ['--input-type=module', '-e', script], { cwd: LAB, encoding: 'utf8' });
  expect(done.stderr).toBe('');
  return JSON.parse(done.stdout);
}

test('frames come back whole, however their bytes are cut', () => {
  const got = evaluate(`
    import { encodeFrame, FrameReader } from './run/frames.mjs';
    const out = [];
    const reader = new FrameReader((type, payload) => out.push([type, [...payload]]));
    const bytes = Buffer.concat([encodeFrame('1', Buffer.from([0, 255, 10])), encodeFrame('x', Buffer.from([7]))]);
    for (const byte of bytes) reader.push(Buffer.from([byte]));
    reader.push(bytes);
    console.log(JSON.stringify(out));`);
  const once = [
    ['1', [0, 255, 10]],
    ['x', [7]],
  ];
  expect(got).toEqual([...once, ...once]);
});

test('an edit whose text is not there exactly once is refused', () => {
  const got = evaluate(`
    import { applyEdit } from './build/edit.mjs';
    const edit = { file: 'f', why: 'w', find: 'a', replace: '$&b' };
    const said = ['xax', 'aa', 'x'].map((t) => { try { return applyEdit(t, edit); } catch (e) { return e.message; } });
    console.log(JSON.stringify(said));`);
  expect(got).toEqual([
    'x$&bx',
    'f: the text to edit must occur once, found 2 times (w)',
    'f: the text to edit must occur once, found 0 times (w)',
  ]);
});

test('the source package and the mirror are chosen from what there is', () => {
  const got = evaluate(`
    import { chooseMirror, choosePackage } from './build/source.mjs';
    console.log(JSON.stringify([
      choosePackage(['linux-source-7.1', 'linux-source-7.3', 'linux-source-7.2']),
      choosePackage(['linux-source-7.10', 'linux-source-7.9']),
      choosePackage(['linux-source-6.12', 'linux-source-7.1']) ?? null,
      chooseMirror('http://m/security/ a-security\\nhttp://m/debian/ a-updates\\nhttp://m/debian/ a\\n'),
    ]));`);
  expect(got).toEqual(['linux-source-7.2', 'linux-source-7.10', null, 'http://m/debian/']);
});
