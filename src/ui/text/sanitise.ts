// Text from outside (device names, paths, the kernel's words) must neither move the cursor nor shift a column.

/** One cell a character: controls, escapes and whatever may be wide, combining or invisible become '?'. */
export function sanitise(text: string): string {
  let clean = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const narrow = (code >= 0x20 && code < 0x7f) || (code >= 0xa1 && code < 0x300 && code !== 0xad);
    clean += narrow ? character : '?';
  }
  return clean;
}

const ASCII: Record<string, string> = {
  '─': '-',
  '│': '|',
  '├': '+',
  '┤': '+',
  '└': '`',
  '╭': '+',
  '╮': '+',
  '╰': '+',
  '╯': '+',
  '▶': '>',
  '▌': '|',
  '…': '~',
  '→': '>',
  '←': '<',
  '·': '-',
  '×': 'x',
  '✗': 'x',
  '↑': '^',
  '↓': 'v',
  '—': '-',
  '≤': '<',
  '▁': '_',
  '▂': '.',
  '▃': ':',
  '▄': '-',
  '▅': '=',
  '▆': '+',
  '▇': '*',
  '█': '#',
};

/** For terminals without unicode: every character the screen uses has one of ASCII in its place. */
export function toAscii(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: everything that is not ASCII
  return text.replace(/[^\x00-\x7f]/g, (c) => ASCII[c] ?? (c.startsWith('µ') ? 'u' : '?'));
}
