// A bracketed paste: what comes between ESC[200~ and ESC[201~ is text, whatever it looks like. It never becomes keys.

export const PASTE_START = '\x1b[200~';
const PASTE_END = '\x1b[201~';

/** More than any expression or address that somebody pastes. */
export const MAX_PASTE = 4096;

export class PasteReader {
  private text = '';
  private tail = '';
  private cut = 0;

  /**
   * Takes in a piece of input. Null: the paste goes on. Else what was pasted, without control characters and line ends,
   * how many characters beyond MAX_PASTE were left out, and the rest of the piece, which comes after the paste.
   */
  push(piece: string): { text: string; cut: number; rest: string } | null {
    const all = this.tail + piece;
    const end = all.indexOf(PASTE_END);
    // the end may come in pieces as well
    const sure = end < 0 ? Math.max(0, all.length - PASTE_END.length + 1) : end;
    this.keep(all.slice(0, sure));
    if (end < 0) {
      this.tail = all.slice(sure);
      return null;
    }
    return { ...this.pasted(), rest: all.slice(end + PASTE_END.length) };
  }

  private keep(text: string): void {
    const room = Math.max(0, MAX_PASTE - this.text.length);
    this.text += text.slice(0, room);
    this.cut += Math.max(0, text.length - room);
  }

  private pasted(): { text: string; cut: number } {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get through
    return { text: this.text.replace(/\r\n|[\x00-\x1f\x7f-\x9f]/g, ' '), cut: this.cut };
  }
}
