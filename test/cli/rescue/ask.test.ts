import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { typed } from '../../../src/cli/rescue/ask.ts';

function asked(word: string, broken = new AbortController()) {
  const [input, output] = [new PassThrough(), new PassThrough()];
  return { input, output, broken, answer: typed('Which? ', word, { input, output }, broken.signal) };
}

describe('a word that has to be typed', () => {
  it.each([
    ['1234\n', true],
    ['  1234 \r\n', true],
    ['123\n', false],
    ['y\n', false],
    ['\n', false],
    ['12345\n1234\n', false],
  ])('%j: %s', async (text, yes) => {
    const { input, output, answer } = asked('1234');
    input.write(text);
    expect(await answer).toBe(yes);
    expect(output.read().toString()).toBe('Which? ');
  });

  it('is not typed where the input ends', async () => {
    const { input, answer } = asked('1234');
    input.end();
    expect(await answer).toBe(false);
  });

  it('is not waited for once it is broken off', async () => {
    const during = asked('1234');
    during.broken.abort();
    expect(await during.answer).toBe(false);
    const before = new AbortController();
    before.abort();
    expect(await asked('1234', before).answer).toBe(false);
  });
});
