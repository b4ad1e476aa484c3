// The grammar of what a terminal sends: what is known has its name, everything else is taken whole.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyDecoder } from '../../src/terminal/input.ts';
import { DROP_MS, ESCAPE_MS, LATE_MS } from '../../src/terminal/times.ts';
import { bytes } from '../ui/fixtures/keyboard.ts';

const keys = (...pieces: string[]) => {
  const decoder = new KeyDecoder();
  return pieces.flatMap((piece) => decoder.push(bytes(piece)));
};
const names = (...pieces: string[]): string[] => keys(...pieces).map(({ name }) => name);

/** Pieces, and numbers: pauses in milliseconds, in which each time-out comes when it is due. */
function played(...steps: (string | number)[]): string[] {
  const decoder = new KeyDecoder();
  const all: string[] = [];
  let time = 1_000;
  for (const step of steps) {
    if (typeof step === 'string') all.push(...decoder.push(bytes(step), time).map(({ name }) => name));
    else {
      const end = time + step;
      for (let { due } = decoder; due !== null && due <= end; { due } = decoder) {
        all.push(...decoder.flush(due).map(({ name }) => name));
      }
      time = end;
    }
  }
  return all;
}

describe('control strings', () => {
  it.each(['P', ']', '_', '^', 'X'])('ESC %s goes to its ST', (introducer) => {
    expect(names(`\x1b${introducer}s\x1b[Aq\r\x03\x1bs\x1b\\j`)).toEqual(['j']);
    expect(names(`\x1b${introducer}sq\xc2\x9cj`)).toEqual(['j']);
  });

  it('of 8-bit controls, as bytes and as UTF-8', () => {
    for (const code of ['\x90', '\x98', '\x9d', '\x9e', '\x9f']) {
      expect(names(`${code}siq\x9cj`, `\xc2${code}siq\xc2\x9ck`, `${code}siq\x1b\\l`)).toEqual(['j', 'k', 'l']);
    }
    expect(names('\x9b?62;4cj\xc2\x9b5~\x8fAk')).toEqual(['j', 'pgup', 'up', 'k']);
  });

  it('end by BEL where they are an OSC; others go on', () => {
    expect(names('\x1b]0;sq\x07j')).toEqual(['j']);
    expect(names('\x1bPsq\x07s\x1b\\j')).toEqual(['j']);
  });

  it('have a byte of a character for no end', () => {
    expect(names('\x1b]0;\xe2\x9c\x9c srq\x1b\\j')).toEqual(['j']);
  });

  it('are cancelled by CAN and SUB', () => {
    expect(names('\x1bPsq\x18j\x1b]sq\x1aj\x1b[1;\x18j')).toEqual(['j', 'j', 'j']);
  });

  it('may have any length, and nothing of them is kept', () => {
    const decoder = new KeyDecoder();
    decoder.push('\x1b]52;c;');
    const before = JSON.stringify(decoder).length;
    for (let i = 0; i < 200; i++) expect(decoder.push('c3Npcm10'.repeat(1_000))).toEqual([]);
    expect(JSON.stringify(decoder).length).toBeLessThan(before + 100);
    expect(decoder.push('\x1b\\j').map(({ name }) => name)).toEqual(['j']);
  });
});

describe('control sequences', () => {
  it('have parameters, intermediates and one final', () => {
    expect(names('\x1b[?2026;2$yj\x1b[4096*{j\x1b[0;1 qj\x1b[24;80;1;1;1"wj')).toEqual(['j', 'j', 'j', 'j']);
  });

  it('that are malformed are dropped to their final', () => {
    expect(names('\x1b[1$5Aj\x1b[\r5Aj\x1b[\xc3\xa9\x7fAj')).toEqual(['j', 'j', 'j']);
    expect(names(`\x1b[${'1;'.repeat(500)}Aj`)).toEqual(['j']);
  });

  it('give way to the next one', () => {
    expect(names('\x1b[1;\x1b[Aj\x1b[5\xc2\x9d11;s\x07jq')).toEqual(['up', 'j', 'j', 'q']);
  });

  it('of the Linux console, SS2 and SS3 take one character', () => {
    expect(names('\x1b[[Aj\x1bNsj\x1bOsj\x1bOAj')).toEqual(['j', 'j', 'j', 'up', 'j']);
  });
});

describe('the mouse', () => {
  it('of X10 takes three characters or bytes', () => {
    expect(names('\x1b[M s!j\x1b[M\x20\xf3\x21j')).toEqual(['j', 'j']);
    // two bytes that look like one character: over with the pause after them
    expect(played('\x1b[M \xc3\xa9', DROP_MS, 'j')).toEqual(['j']);
  });

  it('of urxvt has no name', () => {
    expect(names('\x1b[32;10;5Mj')).toEqual(['j']);
  });
});

describe("kitty's keyboard", () => {
  it.each([
    ['\x1b[115u', 's', 's'],
    ['\x1b[115;1:1u', 's', 's'],
    ['\x1b[115;1:2u', 's', 's'],
    ['\x1b[115;129u', 's', 's'],
    ['\x1b[115;65u', 'S', 'S'],
    ['\x1b[115:83;2u', 'S', 'S'],
    ['\x1b[115;2u', 'S', 'S'],
    ['\x1b[47:63;2u', '?', '?'],
    ['\x1b[47;2;63u', '?', '?'],
    ['\x1b[1089::99;5u', 'ctrl-с', ''],
    ['\x1b[99;5u', 'ctrl-c', ''],
    ['\x1b[99;69u', 'ctrl-c', ''],
    ['\x1b[115;3u', 'alt-s', ''],
    ['\x1b[115;9u', 'super-s', ''],
    ['\x1b[27u', 'esc', ''],
    ['\x1b[13;1u', 'enter', ''],
    ['\x1b[9;2u', 'shift-tab', ''],
    ['\x1b[32u', 'space', ' '],
    ['\x1b[57419u', 'up', ''],
    ['\x1b[57400u', '1', '1'],
    ['\x1b[1;1:1A', 'up', ''],
    ['\x1b[1;129A', 'up', ''],
    ['\x1b[1;5A', 'ctrl-up', ''],
    ['\x1b[1;2D', 'shift-left', ''],
    ['\x1b[5;1:2~', 'pgup', ''],
    ['\x1b[3;5~', 'ctrl-delete', ''],
    ['\x1b[27;5;99~', 'ctrl-c', ''],
    ['\x1b[27;2;63~', '?', '?'],
    ['\x1b[27;5;13~', 'ctrl-enter', ''],
    ['\x1b[1;2Z', 'shift-tab', ''],
  ])('%j is %s', (text, name, typed) => {
    expect(keys(text)).toEqual([{ name, text: typed }]);
  });

  it.each([
    'releases: \x1b[115;1:3u\x1b[13;1:3u\x1b[1;1:3A\x1b[5;1:3~',
    'an alternate that cannot be: \x1b[115:83;1u',
    'Shift and a key whose text is not told: \x1b[47;2u',
    'modifier and function keys: \x1b[57441;2u\x1b[57376u\x1b[15~\x1b[1;5R\x1b[P',
    'its answer: \x1b[?31u',
    'text of several characters: \x1b[0;;104:105u',
    'what it cannot say: \x1b[115;1:4u\x1b[115;0u\x1b[115;999u\x1b[115;1;1;1u\x1b[;1u\x1b[9999999u\x1b[1:2A\x1b[1;1;1A',
  ])('%j is no key', (text) => {
    expect(names(text.slice(text.indexOf('\x1b')))).toEqual([]);
  });
});

describe('characters', () => {
  it('may be split anywhere', () => {
    for (const text of ['é', '中', '👍']) {
      const sent = Buffer.from(text).toString('latin1');
      for (let cut = 0; cut < sent.length; cut++) expect(names(sent.slice(0, cut), sent.slice(cut))).toEqual([text]);
    }
  });

  it('that are none are no key, and the next one is', () => {
    expect(names('\xe9s\xffj\xc1\xb3k\xed\xa0\x80l\xe0\x81\xb3m')).toEqual(['s', 'j', 'k', 'l', 'm']);
  });
});

describe('time', () => {
  it('makes the Esc key of a lone ESC, and two keys of ESC and a character that comes later', () => {
    expect(played('\x1b', ESCAPE_MS - 1)).toEqual([]);
    expect(played('\x1b', ESCAPE_MS)).toEqual(['esc']);
    expect(played('\x1bs')).toEqual(['alt-s']);
    expect(played('\x1b', 60, 's')).toEqual(['esc', 's']);
    expect(played('\x1b', 60, '\x1b', ESCAPE_MS)).toEqual(['esc', 'esc']);
    expect(played('\x1b\x1b', ESCAPE_MS)).toEqual(['esc', 'esc']);
  });

  it('drops what is unfinished, and what comes of it later', () => {
    expect(played('\x1b[?62;', DROP_MS, '4', 900, 'c', 50, 's')).toEqual(['s']);
    expect(played('\x1b[5', 60, '~')).toEqual(['pgup']);
    expect(played('\x1b[5', DROP_MS, '~', 50, 's')).toEqual(['s']);
    expect(played('\x1b]11;rgb:1e', 3_000, '1e/2e\x1b', 3_000, '\\', 50, 's')).toEqual(['s']);
    expect(played('\x1b', 1_200, ']', 1_200, '1', 1_200, '1', 1_200, '\x07', 1_200, 's')).toEqual(['esc', 's']);
  });

  it('forgets it in the end', () => {
    expect(played('\x1b]11;', LATE_MS, 's')).toEqual(['s']);
    expect(played('\x1b[', LATE_MS, 's')).toEqual(['s']);
  });

  it('leaves a paste a paste, wherever its markers are cut', () => {
    const text = '\x1b[200~3is text\x1b[201~';
    for (const pause of [60, 149, 1_200, 3_000]) {
      for (let cut = 2; cut < text.length; cut++) {
        expect(played(text.slice(0, cut), pause, text.slice(cut), pause), `${pause} ms at ${cut}`).toEqual(['paste']);
      }
      expect(played(...[...text].flatMap((byte) => [byte, pause])).filter((name) => name !== 'esc')).toEqual(['paste']);
    }
  });
});

describe('a person gets out', () => {
  it.each(['\x1b]11;rgb', '\x1bPq', '\x1b_G', '\x1b[200~sq', '\x1b[1;5', '\x1b[M', '\x9d', '\x1bO'])(
    'of %j by Ctrl-C',
    (begun) => {
      for (const pause of [100, 2_000]) {
        expect(played(begun, pause, '\x03', 200, 's').filter((name) => name !== 'paste')).toEqual(['ctrl-c', 's']);
      }
    },
  );

  describe("with kitty's keyboard left on", () => {
    const begun = ['\x1b]11;rgb', '\x1bPq', '\x1b_G', '\x1b[200~sq', '\x9d'];
    // with NumLock as well, and as xterm's modifyOtherKeys
    const controlC = ['\x1b[99;5u', '\x1b[99;133u', '\x1b[27;5;99~'];
    it.each(begun)('of %j by Ctrl-C', (start) => {
      for (const key of controlC) expect(played(start, 200, key, 200).at(-1)).toBe('ctrl-c');
    });

    it.each(begun)('of %j by Esc twice', (start) => {
      expect(played(start, 200, '\x1b[27u', 200, '\x1b[27u', 200, 'j').at(-1)).toBe('j');
    });

    it('not by what is pasted and looks like it', () => {
      expect(played('\x1b[200~a\x1b[99;5ub\x1b[201~', 50)).toEqual(['paste']);
    });
  });

  it.each(['\x1b]11;rgb', '\x1bPq', '\x1b_G', '\x1b[200~sq', '\x9d'])('of %j by Esc twice', (begun) => {
    for (const pause of [100, 2_000]) {
      expect(played(begun, pause, '\x1b', 200, '\x1b', 200, 's').filter((name) => !/paste|esc/.test(name))).toEqual([
        's',
      ]);
    }
  });

  it('of a string that was dropped by Esc, Enter or a key with a sequence of its own', () => {
    expect(played('\x1b]11;', 2_000, '\x1b', 300, 's')).toEqual(['s']);
    expect(played('\x1b]11;', 2_000, '\r', 300, 's')).toEqual(['s']);
    expect(played('\x1b]11;', 2_000, '\x1b[A', 300, 's')).toEqual(['up', 's']);
  });
});

/** No lone ^C and no ESC ESC, which a person types; no CAN, SUB, BEL and ST, which end it. */
const content = fc
  .array(
    fc.integer({ min: 0, max: 255 }).filter((byte) => ![0x03, 0x07, 0x18, 0x1a, 0x1b, 0x9c].includes(byte)),
    { maxLength: 60 },
  )
  .map((codes) => String.fromCharCode(...codes));

it('no byte between an introducer and its end ever makes a key, in whatever pieces and with whatever pauses it comes', () => {
  const introducer = fc.constantFrom('\x1bP', '\x1b]', '\x1b_', '\x1b^', '\x1bX', '\x90', '\x9d', '\xc2\x9f');
  const pause = fc.constantFrom(0, 5, 60, 140, 400, 999);
  fc.assert(
    fc.property(
      introducer,
      content,
      fc.constantFrom('\x1b\\', '\xc2\x9c'),
      fc.array(fc.tuple(fc.nat(70), pause)),
      (begin, inside, end, cuts) => {
        // a character that is cut off takes the beginning of the end with it
        const text = `${begin}${inside}.${end}`;
        const places = [...cuts]
          .map(([at, wait]) => ({ at: Math.min(at, text.length), wait }))
          .sort((a, b) => a.at - b.at);
        const steps: (string | number)[] = [];
        let from = 0;
        for (const { at, wait } of places) {
          // the ESC of its beginning is the Esc key after that time, as it should be
          steps.push(text.slice(from, at), at === 1 ? Math.min(wait, 140) : wait);
          from = at;
        }
        expect(played(...steps, text.slice(from), 50, 'j')).toEqual(['j']);
      },
    ),
    { numRuns: Number(process.env.IOPFTOP_FUZZ_RUNS || 2_000) },
  );
});
