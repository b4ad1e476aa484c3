import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { manPage } from '../../src/cli/man.ts';
import { TABLE } from '../../src/cli/options.ts';

const PAGE = manPage('1.2.3');

/** What the command makes of the page, or null where it is not installed. */
function through(command: string, args: string[]): { text: string; said: string } | null {
  const { error, stdout, stderr } = spawnSync(command, args, { input: PAGE, encoding: 'utf8' });
  return error ? null : { text: stdout, said: stderr };
}

describe('the manual page', () => {
  it('has every option and every command', () => {
    for (const { name } of TABLE) expect(PAGE).toContain(`\\fB\\-\\-${name.replaceAll('-', '\\-')}\\fR`);
    for (const { words } of COMMANDS) expect(PAGE).toContain(`\\fBiopftop ${words.join(' ')}\\fR`);
    expect(PAGE).toContain('"iopftop 1.2.3"');
  });

  it('is what groff takes without a warning', (ctx) => {
    const made = through('groff', ['-man', '-ww', '-Tutf8']);
    if (!made) return ctx.skip('groff is not installed');
    expect(made.said).toBe('');
    expect(made.text).toContain('--on-exit');
  });

  it('is what mandoc takes, but for the date that it has not', (ctx) => {
    const made = through('mandoc', ['-Tlint', '-Wwarning']);
    if (!made) return ctx.skip('mandoc is not installed');
    expect(made.text.split('\n').filter((line) => line !== '' && !line.includes('missing date'))).toEqual([]);
  });
});
