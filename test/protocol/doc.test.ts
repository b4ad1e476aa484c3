import { describe, expect, it } from 'vitest';
import { protocolPage, withTables } from '../../src/protocol/doc.ts';

const page = protocolPage();
const headings = [...page.matchAll(/^### (.*)$/gm)].map(([, title]) => title!);
/** As GitHub makes them. */
const anchors = headings.map((title) => title.toLowerCase().replaceAll(':', '').replaceAll(' ', '-'));

describe('docs/protocol.md', () => {
  it('has each heading once, and leads to what is there', () => {
    expect(new Set(anchors).size).toBe(anchors.length);
    const links = [...page.matchAll(/\]\(#([^)]*)\)/g)].map(([, anchor]) => anchor!);
    expect(links.length).toBeGreaterThan(0);
    expect(links.filter((anchor) => !anchors.includes(anchor))).toEqual([]);
  });

  it('says unit, bounds and what may be left out', () => {
    expect(page).toContain(
      '| `latencyNs` |  | number | from read() to this answer; the kernel provides no timestamps (nanoseconds) |',
    );
    expect(page).toContain(
      '| `count` | optional | whole number, 1 to 65,536 | how many groups, each at the next page; default 1 |',
    );
    expect(page).toContain('| `outstanding.gone` | optional |');
    expect(page).toContain('| `handles.devices[].fd` |');
  });
});

describe('a page with tables', () => {
  it('keeps what people wrote, and has no table that nobody makes', () => {
    const made = withTables('before\n\n<!-- made: it -->\nold\n<!-- end -->\nafter\n', { it: () => ['| new |'] });
    expect(made).toBe('before\n\n<!-- made: it -->\n\n| new |\n\n<!-- end -->\nafter\n');
    expect(withTables(made, { it: () => ['| new |'] })).toBe(made);
    expect(() => withTables('<!-- made: other -->\n<!-- end -->')).toThrow('no table is called other');
  });

  it('leads from docs/headless.md to sections of docs/protocol.md', () => {
    const tables = withTables('<!-- made: messages -->\n<!-- end -->\n');
    const links = [...tables.matchAll(/protocol\.md#([^)]*)\)/g)].map(([, anchor]) => anchor!);
    expect(links.length).toBeGreaterThan(10);
    expect(links.filter((anchor) => !anchors.includes(anchor))).toEqual([]);
  });
});
