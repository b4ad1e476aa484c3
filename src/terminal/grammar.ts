// What terminals send, by its grammar: ECMA-48 with the additions of terminals. Anything that begins as a sequence is taken
// whole, and only known sequences get a name. What a terminal sends by itself is not a key.
import { csiKey, ss3Key } from './csi-keys.ts';
import { type KeyPress, plainKey } from './key-press.ts';
import { PasteReader } from './paste.ts';
import { ALT_MS, LATE_MS, LETTER_MS, SECOND_THOUGHTS_MS } from './times.ts';
import { STRAY, sizeOfUnit, type Unit } from './utf8.ts';

/** Parameters and intermediates; no sequence that has a name is longer. */
const LONGEST = 64;

const [ETX, BEL, CAN, SUB, ESC, DEL] = [0x03, 0x07, 0x18, 0x1a, 0x1b, 0x7f];
const ST = 0x9c;

/** C1 controls and what stands for them after ESC. */
const INTRODUCERS: Record<string, 'csi' | 'string' | 'ss'> = {
  '[': 'csi',
  ']': 'string',
  P: 'string',
  X: 'string',
  '^': 'string',
  _: 'string',
  N: 'ss',
  O: 'ss',
};
/** Reports whose position is in characters after the sequence: X10 mouse, and xterm's highlight tracking. */
const TRAILING: Record<string, number> = { M: 3, t: 2, T: 6 };

/** iTerm2 answers CSI 1337 n by its name where parameters should be: ESC [ ITERM2, a blank, its version, n. */
const ITERM = 'TERM2 ';

export type State =
  | 'ground'
  | 'escape'
  | 'intermediate'
  | 'csi'
  | 'ss'
  | 'console'
  | 'string'
  | 'string escape'
  | 'trailing'
  | 'iterm'
  | 'paste';

export class Grammar {
  state: State = 'ground';
  /** What has begun was dropped, unfinished. */
  late = false;
  /** Complete since `given`. */
  keys: KeyPress[] = [];
  #now = 0;
  /** Of the sequence: its kind, its parameters, and whether it is malformed. */
  #introducer = '';
  #text = '';
  #malformed = false;
  /** It gets no name: its ESC has been a key already, or has another one before it. */
  #mute = false;
  /** Of a string: it began with a byte of 0x80–0x9F, and so may end with one. */
  #eightBit = false;
  /** Characters that are still to come, and as bytes. */
  #trailing = { units: 0, bytes: 0 };
  #paste = new PasteReader();
  /** If the next character is one of these, it is the rest of a dropped sequence. */
  #rest: { of: string; since: number; until: number } | null = null;

  given(): KeyPress[] {
    const { keys } = this;
    this.keys = [];
    return keys;
  }

  /** What has begun will not end: a paste is complete as it is, an ESC was the Esc key. */
  leave(): void {
    if (this.state === 'paste') this.#endPaste();
    if (this.state === 'escape') this.#give('esc');
    this.#toGround();
  }

  /** Nothing more came in time. */
  timeOut(now: number): void {
    this.#now = now;
    if (this.state === 'escape') {
      if (this.#mute) this.#give('esc');
      this.#give('esc');
      this.#giveUp('[]P_^XON', SECOND_THOUGHTS_MS);
    } else if (this.state === 'intermediate') this.#altIntermediate();
    else if (this.state === 'string escape') this.#giveUp('\\', LATE_MS);
    else if (this.state === 'trailing' && this.#trailing.bytes <= 0) this.#toGround();
    else if (this.late) this.#toGround();
    else this.late = this.state !== 'ground' && this.state !== 'paste';
  }

  /** `gap`: milliseconds since the piece before, of the first character of a piece. */
  take(unit: Unit, gap: number, now: number): void {
    this.#now = now;
    if (this.state === 'ground') this.#ground(unit);
    else if (this.state === 'escape') this.#escape(unit, gap);
    else if (this.state === 'paste') this.#inPaste(unit);
    else if (this.state === 'string') this.#inString(unit);
    else if (this.state === 'string escape') this.#inStringEscape(unit, gap);
    else if (unit === ESC) this.#escapeInside();
    else if (this.state === 'trailing') this.#inTrailing(unit);
    else if (unit === CAN || unit === SUB) this.#toGround();
    else if (!this.#control(unit)) this.#inSequence(unit, gap);
  }

  #give(name: string): void {
    this.keys.push({ name, text: '' });
  }

  #toGround(): void {
    this.state = 'ground';
    this.late = false;
    this.#mute = false;
  }

  /** `of`: with which characters its rest may still come. */
  #giveUp(of: string, milliseconds: number): void {
    this.#toGround();
    this.#rest = { of, since: this.#now, until: this.#now + milliseconds };
  }

  #begin(introducer: string, mute: boolean, eightBit = false): void {
    this.state = INTRODUCERS[introducer]!;
    this.#introducer = introducer;
    this.#mute = mute;
    this.#eightBit = eightBit;
    this.#text = '';
    this.#malformed = false;
    this.late = false;
  }

  #inSequence(unit: Unit, gap: number): void {
    if (this.state === 'intermediate') this.#inIntermediate(unit, gap);
    else if (this.state === 'csi') this.#inCsi(unit);
    else if (this.state === 'ss') this.#inSs(unit);
    else if (this.state === 'iterm') this.#inIterm(unit);
    // ESC [ [ and one more: a function key of the Linux console
    else this.#toGround();
  }

  #ground(unit: Unit): void {
    const rest = this.#rest;
    this.#rest = null;
    const character = unit < STRAY ? String.fromCodePoint(unit) : '';
    if (unit === ESC) this.state = 'escape';
    else if (rest?.of.includes(character || ' ') && this.#now <= this.#endOf(rest, character)) this.#goOn(character);
    else if (!this.#control(unit) && character) this.keys.push(plainKey(character));
  }

  #endOf({ since, until }: { since: number; until: number }, character: string): number {
    return character === 'O' || character === 'N' ? since + LETTER_MS : until;
  }

  /** The rest of a dropped sequence: it gets no name. */
  #goOn(character: string): void {
    if (INTRODUCERS[character]) this.#begin(character, true);
    else if (character === ITERM[0]) {
      this.state = 'iterm';
      this.#text = character;
    }
  }

  /** An 8-bit control begins something, or is dropped. False: it is not one. */
  #control(unit: Unit): boolean {
    const code = unit >= STRAY && unit < STRAY + 0x100 ? unit - STRAY : unit;
    if (code < 0x80 || code > 0x9f) return false;
    const introducer = String.fromCharCode(code - 0x40);
    if (INTRODUCERS[introducer]) this.#begin(introducer, false, unit >= STRAY);
    else this.#toGround();
    return true;
  }

  #escape(unit: Unit, gap: number): void {
    const character = unit < 0x80 ? String.fromCharCode(unit) : '';
    const twice = this.#mute;
    if (INTRODUCERS[character]) this.#begin(character, twice);
    else if (unit === ESC) {
      if (twice || gap >= ALT_MS) this.#give('esc');
      this.#mute = gap < ALT_MS;
    } else if (character === '\\' && gap < ALT_MS) this.#toGround();
    else this.#afterEscape(unit, character, gap >= ALT_MS);
  }

  /** No sequence: the Esc key and another, or Alt and another. */
  #afterEscape(unit: Unit, character: string, apart: boolean): void {
    if (this.#mute) this.#give('esc');
    this.#toGround();
    if (apart || unit === ETX) {
      this.#give('esc');
      this.#ground(unit);
    } else if (/^[ -/]$/.test(character)) {
      this.state = 'intermediate';
      this.#text = character;
    } else if (unit === CAN || unit === SUB || this.#control(unit) || unit >= STRAY) return;
    else this.#give(`alt-${plainKey(String.fromCodePoint(unit)).name}`);
  }

  /** A new sequence in an unfinished one, which is dropped. */
  #escapeInside(): void {
    if (this.state === 'intermediate') this.#altIntermediate();
    this.#toGround();
    this.state = 'escape';
  }

  /** ESC, intermediates, a final: nothing here. With nothing after it, it was Alt and a character. */
  #inIntermediate(unit: Unit, gap: number): void {
    if (gap >= ALT_MS || unit < 0x20 || unit >= DEL) {
      this.#altIntermediate();
      this.#ground(unit);
    } else if (unit < 0x30 && this.#text.length < LONGEST) this.#text += String.fromCharCode(unit);
    else if (unit >= 0x30) this.#toGround();
  }

  #altIntermediate(): void {
    const text = this.#text;
    if (text.length === 1) this.#give(`alt-${plainKey(text).name}`);
    // The answer of a VT52 is ESC / Z
    this.#giveUp(text === '/' ? 'Z' : '', SECOND_THOUGHTS_MS);
  }

  #inCsi(unit: Unit): void {
    const character = unit < STRAY ? String.fromCodePoint(unit) : '';
    if (character === '[' && this.#text === '' && !this.#malformed) this.state = 'console';
    else if (unit >= 0x40 && unit < DEL) this.#endCsi(character);
    else if (unit < 0x20 || unit > 0x3f || this.#text.length >= LONGEST) this.#malformed = true;
    else this.#text += character;
  }

  #endCsi(final: string): void {
    const { late } = this;
    const [text, malformed, mute] = [this.#text, this.#malformed, this.#mute];
    this.#toGround();
    if (malformed) return;
    if (text === '200' && final === '~') {
      this.state = 'paste';
      this.#paste = new PasteReader();
    } else if (text === '' && TRAILING[final]) {
      this.state = 'trailing';
      this.#trailing = { units: TRAILING[final], bytes: TRAILING[final] };
    } else if (text === '' && final === 'I') this.#giveUp(ITERM[0]!, SECOND_THOUGHTS_MS);
    else if (!mute && !late) {
      const key = csiKey(text, final);
      if (key) this.keys.push(key);
    }
  }

  /** What began as a report of the focus and a T may have been just that. */
  #inIterm(unit: Unit): void {
    const { late } = this;
    const text = this.#text;
    const character = unit < STRAY ? String.fromCodePoint(unit) : '';
    if (text === ITERM) {
      if (character === 'n') this.#toGround();
    } else if (character === ITERM[text.length]) this.#text += character;
    else {
      this.#toGround();
      if (!late) this.keys.push(...[...text].map(plainKey));
      this.#ground(unit);
    }
  }

  /** One character; before it some terminals have modifiers (ESC O 5 A), and such keys have no name. */
  #inSs(unit: Unit): void {
    if (this.#introducer === 'O' && unit >= 0x30 && unit <= 0x3b) {
      this.#malformed = true;
      return;
    }
    const { late } = this;
    const [introducer, malformed, mute] = [this.#introducer, this.#malformed, this.#mute];
    this.#toGround();
    const key = introducer === 'O' && unit < STRAY ? ss3Key(String.fromCodePoint(unit)) : null;
    if (key && !malformed && !mute && !late) this.keys.push(key);
  }

  /** As characters, or as bytes that may look like one: then the pause after them ends it. */
  #inTrailing(unit: Unit): void {
    this.#trailing.units--;
    this.#trailing.bytes -= sizeOfUnit(unit);
    if (this.#trailing.units === 0) this.#toGround();
  }

  /** To its ST, or BEL where it is an OSC; nothing of it is kept. */
  #inString(unit: Unit): void {
    if (unit === ESC) this.state = 'string escape';
    else if (unit === CAN || unit === SUB || unit === ST) this.#toGround();
    else if (unit === BEL && this.#introducer === ']') this.#toGround();
    else if (unit === STRAY + ST && this.#eightBit) this.#toGround();
  }

  /** ESC \ ends it. Otherwise it continues; but if it was dropped, something new has begun. */
  #inStringEscape(unit: Unit, gap: number): void {
    if (unit === 0x5c) this.#toGround();
    else if (unit === ESC) return;
    else if (!this.late) {
      this.state = 'string';
      this.#inString(unit);
    } else {
      this.#toGround();
      // Typed by hand, to get out
      if (gap >= ALT_MS && !INTRODUCERS[String.fromCharCode(unit)]) this.#ground(unit);
      else {
        this.state = 'escape';
        this.#escape(unit, 0);
      }
    }
  }

  #inPaste(unit: Unit): void {
    if (!this.#paste.push(unit)) return;
    this.#endPaste();
    this.#toGround();
  }

  #endPaste(): void {
    const { text, cut } = this.#paste.pasted();
    this.keys.push({ name: 'paste', text, ...(cut ? { cut } : {}) });
  }
}
