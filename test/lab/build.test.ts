import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { LabError } from '../../lab/build/fail.mjs';
import { knownCause, run } from '../../lab/build/run.mjs';

const directory = mkdtempSync(join(tmpdir(), 'iopftop-lab-'));
const log = join(directory, 'build.log');
afterAll(() => rmSync(directory, { recursive: true }));

const failure = async (tool: string, args: string[], path = log): Promise<Error> => {
  try {
    await run(tool, args, { log: path, what: 'trying' });
  } catch (error) {
    return error as Error;
  }
  throw new Error('it did not fail');
};

describe('a tool of the lab', () => {
  it('gives its output', async () => {
    expect(await run('sh', ['-c', 'echo one; echo two >&2'], { log, what: 'trying' })).toBe('one\ntwo\n');
  });

  it.each([
    ['that fails', 'sh', ['-c', 'echo why; exit 3'], log, /^trying failed: why\n\(full log: /],
    ['that is not there', 'no-such-tool', [], log, /^trying failed: cannot start no-such-tool \(ENOENT\)$/],
    ['whose log cannot be written', 'true', [], directory, /EISDIR.*set IOPFTOP_LAB_CACHE to a directory of your own$/],
  ] as const)('%s: told in words', async (_, tool, args, path, message) => {
    const error = await failure(tool, [...args], path);
    expect(error).toBeInstanceOf(LabError);
    expect(error.message).toMatch(message);
  });

  it('that says the network is away, and ends well all the same', () => {
    const said =
      'W: Failed to fetch http://mirror.example/debian/dists/sid/InRelease  Unable to connect to 127.0.0.1:9:\n' +
      'W: Some index files failed to download. They have been ignored, or old ones used instead.\n';
    expect(knownCause(said)).toMatch(/^cannot reach the package mirror/);
    expect(knownCause('E: Version not found')).toBeUndefined();
  });
});
