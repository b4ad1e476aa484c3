// docs/trust.md is made of what tests told.
import { describe, expect, it } from 'vitest';
import { type About, page, readFigures } from '../../scripts/trust/page.mjs';

const figure = { topic: 'Floods', what: 'faults queued first', value: '1,000,000', kernel: 'real', repeat: 'npm test' };
const about: About = { date: '2026-01-02', commit: 'abc1234', kernel: 'Linux 7.2.1', node: 'v20.1.0', form: 'short' };
const lines = (...figures: object[]) => figures.map((one) => `${JSON.stringify(one)}\n`).join('');

describe('the page of figures', () => {
  it('names the kernel, and has a row for each figure', () => {
    const text: string = page(readFigures(lines(figure)), about);
    expect(text).toContain('Linux 7.2.1');
    expect(text).toContain('| faults queued first | 1,000,000 | real | `npm test` |');
    expect(text).not.toContain('## Security');
  });

  it('has the last of what was told twice, and both kernels beside each other', () => {
    const figures = readFigures(lines(figure, { ...figure, value: '2' }, { ...figure, kernel: 'simulated' }));
    expect(figures.map((one: typeof figure) => [one.kernel, one.value])).toEqual([
      ['real', '2'],
      ['simulated', '1,000,000'],
    ]);
  });

  it('keeps its columns whatever a figure says', () => {
    expect(page(readFigures(lines({ ...figure, value: 'a|b\nc' })), about)).toContain('| a\\|b c |');
  });

  it('refuses a topic that it does not have', () => {
    expect(() => readFigures(lines({ ...figure, topic: 'Flods' }))).toThrow('no topic "Flods" (faults queued first)');
  });
});
