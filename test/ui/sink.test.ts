import { afterEach, expect, it } from 'vitest';
import { enterScreen, leaveScreen } from '../../src/terminal/guard.ts';
import { sinkFor } from '../../src/terminal/sink.ts';

/** A stdout that is no terminal, so that the sink writes to it. */
const out = {
  data: [] as string[],
  write(data: string, callback?: (error?: Error | null) => void): boolean {
    this.data.push(data);
    callback?.();
    return true;
  },
};
afterEach(() => {
  leaveScreen();
  out.data.length = 0;
});

it('writes frames only while the screen is up: none lands on the shell after it was left', () => {
  const sink = sinkFor(out);
  const errors: (Error | null)[] = [];
  sink.write('too early', (error) => errors.push(error));
  enterScreen(out);
  sink.write('frame', (error) => errors.push(error));
  leaveScreen();
  sink.write('too late', (error) => errors.push(error));
  expect(out.data).toHaveLength(3);
  expect(out.data[1]).toBe('frame');
  expect(errors).toEqual([null, null, null]);
});
