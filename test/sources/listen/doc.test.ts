// The page about the protocol, and the C client, say what is understood.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseRequest } from '../../../src/sources/listen/request.ts';

const page = readFileSync(new URL('../../../docs/handover.md', import.meta.url), 'utf8');
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

it('the first message', () => {
  const [, message = ''] = /```json\n([\s\S]*?)```/.exec(page) ?? [];
  expect(parseRequest(bytes(message), 3)).toMatchObject({ cmd: 'hello', name: 'qemu', iommufd: 1 });
});

it('the others that are whole', () => {
  const messages = [...page.matchAll(/^\| `(\{"cmd"[^`]*\})` \|/gm)].map(([, text]) => text as string);
  expect(messages.map((text) => parseRequest(bytes(text), 0).cmd)).toEqual(['release', 'status']);
});
