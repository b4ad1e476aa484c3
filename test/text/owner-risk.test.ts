import { describe, expect, it } from 'vitest';
import { rescueRisks, rescueSteps, takeRisks } from '../../src/text/owner-risk.ts';

const PLAN = { pid: 1234, stop: true, resume: true, code: 'invalid' } as const;

describe('what is risked', () => {
  it('by taking over: what is read cannot be given back', () => {
    expect(takeRisks(1234)[0]).toBe('PID 1234 never sees what iopftop reads from now on; it cannot be given back.');
  });

  it('by a rescue: in the order in which it is done', () => {
    expect(rescueSteps(PLAN)).toBe(
      'Stops PID 1234 (SIGSTOP), reads everything in its queues and answers it INVALID; answers INVALID to every group that it has read and never answered, and resumes it.',
    );
    expect(rescueSteps({ ...PLAN, stop: false, code: 'success' })).toMatch(
      /^Reads everything .* SUCCESS; .* answered\.$/,
    );
    expect(rescueSteps({ ...PLAN, resume: false })).toMatch(/leaves it stopped\.$/);
  });

  it('by each way of rescuing: only what it risks', () => {
    const words = (plan: Parameters<typeof rescueRisks>[0]) => rescueRisks(plan).join(' ');
    expect(words(PLAN)).not.toMatch(/keeps running|kill -CONT|faults again/);
    expect(words({ ...PLAN, stop: false })).toContain('PID 1234 keeps running');
    expect(words({ ...PLAN, resume: false })).toContain('kill -CONT 1234');
    expect(words({ ...PLAN, code: 'success' })).toContain('faults again at once');
  });
});
