// Which lines of sim a run did not reach: V8's block coverage of the bundle, brought back to the sources by its source map.
import type { Profiler } from 'node:inspector';
import { SourceMap } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** By file, below src/kernel/sim: lines that were not reached, from 1. */
export type FileLines = Record<string, number[]>;

const SIM = /src\/kernel\/sim\/(.+)$/;

interface Segment {
  generatedLine: number;
  generatedColumn: number;
  source: string;
  line: number;
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The numbers of one segment of `mappings` (base-64 VLQ). */
function numbers(text: string): number[] {
  const found: number[] = [];
  let [value, shift] = [0, 0];
  for (const char of text) {
    const digit = DIGITS.indexOf(char);
    value += (digit & 31) << shift;
    shift += 5;
    if (digit & 32) continue;
    found.push(value & 1 ? -(value >>> 1) : value >>> 1);
    [value, shift] = [0, 0];
  }
  return found;
}

function* segments({ mappings, sources }: { mappings: string; sources: string[] }): Generator<Segment> {
  let [source, line] = [0, 0];
  for (const [generatedLine, text] of mappings.split(';').entries()) {
    let generatedColumn = 0;
    for (const part of text.split(',').filter(Boolean)) {
      const [column = 0, sourceBy = 0, lineBy = 0] = numbers(part);
      generatedColumn += column;
      source += sourceBy;
      line += lineBy;
      yield { generatedLine, generatedColumn, source: sources[source] ?? '', line: line + 1 };
    }
  }
}

/** By offset in the script: was it reached? The innermost range decides. */
function reached(functions: Profiler.FunctionCoverage[], length: number): Uint8Array {
  const hit = new Uint8Array(length).fill(1);
  const ranges = functions.flatMap(({ ranges }) => ranges);
  // Wider ones first.
  ranges.sort((a, b) => b.endOffset - b.startOffset - (a.endOffset - a.startOffset));
  for (const { startOffset, endOffset, count } of ranges) hit.fill(count > 0 ? 1 : 0, startOffset, endOffset);
  return hit;
}

/** `read` gives the text of a file. A line counts as reached when any part of it was. */
export function missedLines(
  scripts: Profiler.ScriptCoverage[],
  read: (path: string, encoding: 'utf8') => string,
): FileLines {
  const lines = new Map<string, Map<number, boolean>>();
  for (const { url, functions } of scripts) {
    if (!url.startsWith('file:') || url.includes('node_modules')) continue;
    const path = fileURLToPath(url);
    const text = read(path, 'utf8');
    const map = /\/\/# sourceMappingURL=(\S+)\s*$/.exec(text)?.[1];
    if (map === undefined) continue;
    const hit = reached(functions, text.length);
    const starts = [0];
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    const { payload } = new SourceMap(JSON.parse(read(join(dirname(path), map), 'utf8')));
    for (const { generatedLine, generatedColumn, source, line } of segments(payload)) {
      const file = SIM.exec(source)?.[1];
      if (file === undefined) continue;
      const of = lines.get(file) ?? new Map<number, boolean>();
      lines.set(file, of);
      const was = hit[(starts[generatedLine] ?? 0) + generatedColumn] === 1;
      of.set(line, (of.get(line) ?? false) || was);
    }
  }
  const missed: FileLines = {};
  for (const [file, of] of [...lines].sort()) {
    const not = [...of].filter(([, was]) => !was).map(([line]) => line);
    if (not.length > 0) missed[file] = not.sort((a, b) => a - b);
  }
  return missed;
}
