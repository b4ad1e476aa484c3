// Colours of terminals as light, and how alike two of them look.

export type Rgb = readonly [number, number, number];

const rgb = (hex: string): Rgb => [0, 2, 4].map((i) => Number.parseInt(hex.slice(i, i + 2), 16)) as unknown as Rgb;
const palette = (colours: string): Rgb[] => colours.split(' ').map(rgb);

/** The 16 colours as terminals have them. */
export const PALETTES: Record<string, Rgb[]> = {
  xterm: palette(
    '000000 cd0000 00cd00 cdcd00 0000ee cd00cd 00cdcd e5e5e5 7f7f7f ff0000 00ff00 ffff00 5c5cff ff00ff 00ffff ffffff',
  ),
  'Linux console': palette(
    '000000 aa0000 00aa00 aa5500 0000aa aa00aa 00aaaa aaaaaa 555555 ff5555 55ff55 ffff55 5555ff ff55ff 55ffff ffffff',
  ),
  'Tango (GNOME)': palette(
    '2e3436 cc0000 4e9a06 c4a000 3465a4 75507b 06989a d3d7cf 555753 ef2929 8ae234 fce94f 729fcf ad7fa8 34e2e2 eeeeec',
  ),
};

const LEVELS = [0, 95, 135, 175, 215, 255];

function indexed(n: number, sixteen: readonly Rgb[]): Rgb {
  if (n < 16) return sixteen[n]!;
  if (n >= 232) return [8 + (n - 232) * 10, 8 + (n - 232) * 10, 8 + (n - 232) * 10];
  const at = n - 16;
  return [LEVELS[Math.floor(at / 36)]!, LEVELS[Math.floor(at / 6) % 6]!, LEVELS[at % 6]!];
}

/** Foreground and background of SGR parameters on a terminal with that background; null: its own. */
export function coloursOf(
  sgr: string,
  sixteen: readonly Rgb[],
): { fore: Rgb | null; back: Rgb | null; inverse: boolean } {
  const codes = sgr.split(';').filter(Boolean).map(Number);
  let [fore, back]: (Rgb | null)[] = [null, null];
  let inverse = false;
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]!;
    if (code === 38) fore = indexed(codes[i + 2]!, sixteen);
    else if (code === 48) back = indexed(codes[i + 2]!, sixteen);
    else if (code >= 30 && code <= 37) fore = sixteen[code - 30]!;
    else if (code >= 90 && code <= 97) fore = sixteen[code - 82]!;
    else if (code >= 40 && code <= 47) back = sixteen[code - 40]!;
    else if (code >= 100 && code <= 107) back = sixteen[code - 92]!;
    else if (code === 7) inverse = true;
    if (code === 38 || code === 48) i += 2;
  }
  return { fore: fore ?? null, back: back ?? null, inverse };
}

const linear = (c: number): number => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4);
const luminance = (c: Rgb): number => 0.2126 * linear(c[0]) + 0.7152 * linear(c[1]) + 0.0722 * linear(c[2]);

/** Contrast as WCAG has it, 1 to 21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

type Matrix = readonly (readonly [number, number, number])[];

/** Machado, Oliveira and Fernandes 2009, severity 1, on linear light. */
export const BLINDNESS: Record<string, Matrix> = {
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

function lab(light: readonly number[]): [number, number, number] {
  const [r, g, b] = light.map((c) => Math.max(0, Math.min(1, c))) as [number, number, number];
  const xyz = [
    (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505,
    0.2126 * r + 0.7152 * g + 0.0722 * b,
    (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089,
  ];
  const [x, y, z] = xyz.map((v) => (v > 0.008856 ? Math.cbrt(v) : 7.787 * v + 16 / 116)) as [number, number, number];
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** How far apart two colours look (CIE76: 2.3 is just noticed), to somebody who sees by `matrix`. */
export function difference(a: Rgb, b: Rgb, matrix: Matrix): number {
  const seen = (c: Rgb) => lab(matrix.map((row) => row.reduce((sum, k, i) => sum + k * linear(c[i]!), 0)));
  const [one, other] = [seen(a), seen(b)];
  return Math.hypot(...one.map((v, i) => v - other[i]!));
}
