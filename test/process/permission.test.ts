import { describe, expect, it } from 'vitest';
import { ptraceObstacle } from '../../src/process/permission.ts';
import { MemoryFiles } from './memory-files.ts';

const NONE = '0000000000000000';
const ALL = '000001ffffffffff';

function obstacle({ ours = 1000, theirs = 1000, capabilities = NONE, yama = undefined as string | undefined }) {
  const files = new MemoryFiles();
  files.texts.set('/proc/self/status', `Uid:\t${ours}\t${ours}\t${ours}\t${ours}\nCapEff:\t${capabilities}\n`);
  files.texts.set('/proc/9/status', `Uid:\t${theirs}\t${theirs}\t${theirs}\t${theirs}\n`);
  if (yama !== undefined) files.texts.set('/proc/sys/kernel/yama/ptrace_scope', yama);
  return ptraceObstacle(files, 9);
}

describe('what stands between us and a process', () => {
  it('another user', () => {
    expect(obstacle({ theirs: 0, yama: '1\n' }).why).toBe('it runs as uid 0 and iopftop as uid 1000');
  });

  it('Yama, for a process of ours', () => {
    expect(obstacle({ yama: '1\n' })).toMatchObject({
      why: expect.stringContaining('ptrace_scope is 1'),
      hint: expect.stringContaining('sysctl kernel.yama.ptrace_scope=0'),
    });
    expect(obstacle({ yama: '3\n', capabilities: ALL }).why).toContain('ptrace_scope is 3');
  });

  it('neither: what the process has made of itself', () => {
    expect(obstacle({ yama: '0\n' }).why).toContain('not dumpable');
    expect(obstacle({}).why).toContain('not dumpable');
  });

  it('a security module, where we have the capability', () => {
    expect(obstacle({ theirs: 0, capabilities: ALL, yama: '1\n' }).why).toContain('a security module');
    // CAP_SYS_PTRACE alone.
    expect(obstacle({ theirs: 0, capabilities: '0000000000080000' }).why).toContain('a security module');
  });

  it('is said too where nothing can be read', () => {
    expect(ptraceObstacle(new MemoryFiles(), 9).hint).toContain('CAP_SYS_PTRACE');
  });
});
