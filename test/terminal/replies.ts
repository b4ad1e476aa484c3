// What terminals are known to send of themselves: replies to what some program has asked, reports of modes that some program
// has left on. Each character is a byte. From xterm's ctlseqs, the manuals of the others, and what they were seen to send.

const ST = '\x1b\\';
const dcs = (text: string): string => `\x1bP${text}${ST}`;
const osc = (text: string): string => `\x1b]${text}${ST}`;
const apc = (text: string): string => `\x1b_${text}${ST}`;

const COMMON = {
  'cursor position': '\x1b[12;40R',
  'cursor position with a page (DECXCPR)': '\x1b[?12;40;1R',
  'status: ready': '\x1b[0n',
  'printer, user-defined keys, locator': '\x1b[?13n\x1b[?20n\x1b[?53n',
  'keyboard status': '\x1b[?27;1;0;0n',
  'macro space and memory checksum': '\x1b[4096*{\x1bP1!~0000\x1b\\',
  'mode (DECRPM), private': '\x1b[?2026;2$y',
  'mode (DECRPM), ANSI': '\x1b[4;1$y',
  'settings (DECRQSS): SGR': dcs('1$r0;1;31m'),
  'settings (DECRQSS): cursor': dcs('1$r2 q'),
  'settings (DECRQSS): margins': dcs('1$r1;24r'),
  'settings (DECRQSS): invalid': dcs('0$r'),
  'terminal parameters (DECREPTPARM)': '\x1b[2;1;1;128;128;1;0x',
  'presentation state (DECCIR)': dcs('1$u1;1;1;@;@;@;0;2;@;BB%5%5'),
  'tab stops (DECTABSR)': dcs('2$u9/17/25/33'),
  'rectangle checksum (DECCKSR)': dcs('1!~A5B3'),
  'displayed extent (DECRPDE)': '\x1b[24;80;1;1;1"w',
  'capability (XTGETTCAP): Tc, colors': dcs('1+r5463') + dcs('1+r636f6c6f7273=323536'),
  'capability (XTGETTCAP): smirs, none': dcs('0+r736d697273'),
  'colour of the palette (OSC 4)': osc('4;1;rgb:cccc/0000/0000'),
  'foreground and background (OSC 10, 11)': osc('10;rgb:d8d8/dbdb/dfdf') + osc('11;rgb:1e1e/2e2e/3e3e'),
  'background with alpha, BEL': '\x1b]11;rgba:1e1e/2e2e/3e3e/ffff\x07',
  'cursor and selection colours (OSC 12, 17, 19)':
    osc('12;rgb:ffff/ffff/ffff') + osc('17;rgb:4444/4444/4444') + osc('19;rgb:0/0/0'),
  'clipboard (OSC 52)': osc('52;c;c3VjY2VzcyBzaWltcg=='),
  'clipboard (OSC 52), long': osc(`52;p;${'c3Npcm10cQ'.repeat(12)}`),
  'window title (CSI 21 t)': osc('lmap success invalid \xe2\x9c\x9c srq'),
  'icon label (CSI 20 t)': osc('Lsri'),
  'window state and position': '\x1b[1t\x1b[3;100;200t',
  'window size in pixels, characters, screen': '\x1b[4;768;1024t\x1b[8;40;120t\x1b[9;60;200t\x1b[6;16;8t',
  'graphics attribute (XTSMGRAPHICS)': '\x1b[?2;0;800;600S\x1b[?1;0;256S',
  'colour stack (XTREPORTCOLORS)': '\x1b[?0;0#Q',
  'key modifier options (XTQMODKEYS)': '\x1b[>4;2m',
  'colour scheme': '\x1b[?997;1n\x1b[?997;2n',
  'resize in band (mode 2048)': '\x1b[48;40;120;640;960t',
  'focus in and out': '\x1b[I\x1b[O',
  'mouse, X10': '\x1b[M s!\x1b[M#ri',
  'mouse, X10, far away': '\x1b[M \xf0\x90',
  'mouse, X10, at the edge': '\x1b[M \x00s',
  'mouse, UTF-8 (1005)': '\x1b[M \xc4\xb3\xc2\x90',
  'mouse, SGR: press, release, motion, wheel': '\x1b[<0;10;5M\x1b[<0;10;5m\x1b[<35;11;5M\x1b[<64;11;5M',
  'mouse, SGR pixels': '\x1b[<0;1033;721M',
  'mouse, urxvt (1015)': '\x1b[32;10;5M\x1b[35;10;5M',
  'mouse, highlight tracking': '\x1b[t!!\x1b[T!!""##',
  'mouse, DEC locator': '\x1b[2;4;10;5;1&w\x1b[0&w',
  'end of a paste whose start is lost': '\x1b[201~',
} as const;

const BY_TERMINAL: Record<string, Record<string, string>> = {
  any: COMMON,
  xterm: {
    'attributes (DA1, DA2, DA3)': `\x1b[?64;1;2;6;9;15;16;17;18;21;22;28;29c\x1b[>41;388;0c${dcs('!|00000000')}`,
    version: dcs('>|XTerm(388)'),
    'function keys': '\x1bOP\x1b[15~\x1b[24;5~\x1b[1;2P\x1b[1;5R',
    '8-bit controls': '\x9b?62;4c\x90>|XTerm(388)\x9c\x9d11;rgb:1e1e/2e2e/3e3e\x9c',
    '8-bit controls in UTF-8': '\xc2\x9b?62;4c\xc2\x90>|XTerm(388)\xc2\x9c\xc2\x9d11;rgb:1e1e/2e2e\xc2\x9c',
  },
  mintty: {
    attributes: `\x1b[?64;1;2;4;6;9;11;15;21;22;28;29c\x1b[>77;30601;0c${dcs('!|00000000')}`,
    version: dcs('>|mintty 3.6.1'),
    'font size, locale, path': osc('7770;12') + osc('7775;0;en_US.UTF-8'),
    'application escape key': '\x1bO[',
    'emoji support': osc('7704;14;rgb:0000/0000/5e5e'),
  },
  kitty: {
    attributes: `\x1b[?62;52;c\x1b[>1;4000;32c${dcs('!|4b495459')}`,
    version: dcs('>|kitty(0.35.2)'),
    'graphics: done, refused': apc('Gi=31;OK') + apc('Gi=99,I=2;ENOTSUPPORTED:transmission missing'),
    'keyboard flags': '\x1b[?31u',
    'releases: letter, Enter, arrow, function key': '\x1b[115;1:3u\x1b[13;1:3u\x1b[1;1:3A\x1b[5;1:3~\x1b[57441;2:3u',
    'modifier keys by themselves': '\x1b[57441;2u\x1b[57442;5u\x1b[57358;65u',
    'key with alternates that are none': '\x1b[115:83;1u',
    'pointer shapes, notifications, colours':
      osc('22;1,0') + osc('99;i=1:p=?;o=always:c=1') + osc('21;foreground=rgb:ff/ff/ff'),
    'clipboard (OSC 5522)': osc('5522;type=read:status=OK') + osc('5522;type=read:status=DATA:mime=dGV4dA==;c2lt'),
    'text cursors': '\x1b[>100;1:2:1:1 q',
    'file transfer': osc('5113;ac=status;id=s1;st=T0s='),
  },
  foot: {
    attributes: `\x1b[?62;4;22;28;29;52c\x1b[>1;11702;0c${dcs('!|464f4f54')}`,
    version: dcs('>|foot(1.17.2)'),
    'keyboard flags': '\x1b[?0u',
    'mode 2027, unknown mode': '\x1b[?2027;3$y\x1b[?9999;0$y',
  },
  ghostty: {
    attributes: `\x1b[?62;22;52c\x1b[>1;10;0c${dcs('!|00000000')}`,
    version: dcs('>|ghostty 1.1.3'),
    'size and scheme': '\x1b[48;50;160;1000;1600t\x1b[?997;1n',
    graphics: apc('Gi=1,p=1;OK'),
  },
  wezterm: {
    attributes: `\x1b[?65;4;6;18;22;52c\x1b[>1;277;0c${dcs('!|00000000')}`,
    version: dcs('>|WezTerm 20240203-110809-5046fc22'),
    'win32 input': '\x1b[83;31;115;1;0;1_\x1b[83;31;115;0;0;1_',
  },
  iTerm2: {
    attributes: `\x1b[?64;1;2;4;6;17;18;21;22;52c\x1b[>64;2500;0c${dcs('!|00000000')}`,
    version: dcs('>|iTerm2 3.5.4'),
    'cell size, capabilities':
      osc('1337;ReportCellSize=17.0;8.0;2.0') + osc('1337;Capabilities=T3CwLrMSc7UUw9Ts3BSyGpSsBsFiPsQ'),
    'variable, clipboard': osc('1337;ReportVariable=c2ltcnQ='),
    status: '\x1b[0n\x1b[ITERM2 3.5.4n',
  },
  'Windows Terminal': {
    attributes: `\x1b[?61;6;7;14;21;22;23;24;28;32;42;52c\x1b[>0;10;1c${dcs('!|00000000')}`,
    'settings and palette': dcs('1$r0m') + osc('4;7;rgb:cccc/cccc/cccc'),
    'win32 input': '\x1b[65;30;97;1;0;1_',
  },
  tmux: {
    attributes: '\x1b[?1;2;4c\x1b[>84;0;0c',
    version: dcs('>|tmux 3.4'),
    'clipboard, empty': osc('52;;'),
    colours: `${osc('10;rgb:ffff/ffff/ffff')}\x1b]11;rgb:0000/0000/0000\x07`,
  },
  screen: { attributes: '\x1b[?1;2c\x1b[>83;50000;0c', cursor: '\x1b[1;1R' },
  'Linux console': {
    attributes: '\x1b[?6c\x1b[0n',
    'function keys': '\x1b[[A\x1b[[B\x1b[[E\x1b[17~\x1b[34~',
    'mouse (gpm)': '\x1b[M !!\x1b[M#!!',
  },
  'VTE, konsole, rxvt, PuTTY': {
    attributes: `\x1b[?65;1;9c\x1b[>65;7600;1c\x1b[?62;1;4c\x1b[>1;220303;0c\x1b[>85;95;0c\x1b[>0;136;0c${dcs('!|7E565445')}`,
    version: dcs('>|VTE(7600)') + dcs('>|Konsole 23.08.5'),
    'keys with modifiers': '\x1b[5^\x1b[7@\x1b[a',
  },
};

export interface Reply {
  terminal: string;
  what: string;
  text: string;
}

export const REPLIES: readonly Reply[] = Object.entries(BY_TERMINAL).flatMap(([terminal, replies]) =>
  Object.entries(replies).map(([what, text]) => ({ terminal, what, text })),
);
export const TERMINALS = Object.keys(BY_TERMINAL).flatMap((name) => (name === 'any' ? [] : name.split(', '))).length;

/** Keys with modifiers that mean nothing here: they are keys, and do nothing. */
export const MODIFIED: readonly string[] = [
  '\x1b[1;5A',
  '\x1b[1;3D',
  '\x1b[1;2H',
  '\x1b[5;5~',
  '\x1b[3;2~',
  '\x1b[27;5;13~',
  '\x1b[27;6;83~',
  '\x1b[27;3;115~',
  '\x1b[115;9u',
  '\x1b[115;5u',
  '\x1b[114;6u',
  '\x1b[105:73;4u',
  '\x1b[13;5u',
  '\x1b[13;3u',
  '\x1bO5A',
  '\x1bOa',
];
