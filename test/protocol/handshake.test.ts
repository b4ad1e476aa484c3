import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { engineSide, negotiate, type Side, SPOKEN } from '../../src/protocol/handshake.ts';

const side = (iopftop: string, min: number, max: number): Side => ({ iopftop, speaks: { min, max } });

describe('negotiate', () => {
  it.each([
    [side('0.1.0', 1, 1), side('0.1.0', 1, 1), 1],
    [side('0.2.0', 1, 3), side('0.4.0', 2, 5), 3],
    [side('0.4.0', 2, 5), side('0.2.0', 1, 3), 3],
    [side('0.4.0', 3, 5), side('0.2.0', 1, 3), 3],
  ])('%o and %o speak %i', (engine, frontEnd, version) => {
    expect(negotiate(engine, frontEnd)).toEqual({ version });
  });

  it('says that the engine is too old', () => {
    expect(negotiate(side('0.1.0', 1, 1), side('0.5.0', 2, 4))).toEqual({
      refusal:
        'the engine is too old: it is iopftop 0.1.0 and speaks version 1 of the messages, the front end is iopftop 0.5.0 and speaks versions 2 to 4',
      hint: 'install iopftop 0.5.0 where the engine runs, or use iopftop 0.1.0 where the front end runs',
    });
  });

  it('says that the front end is too old', () => {
    expect(negotiate(side('0.5.0', 4, 4), side('0.2.0', 1, 3))).toEqual({
      refusal:
        'the front end is too old: it is iopftop 0.2.0 and speaks versions 1 to 3 of the messages, the engine is iopftop 0.5.0 and speaks version 4',
      hint: 'install iopftop 0.5.0 where the front end runs, or use iopftop 0.2.0 where the engine runs',
    });
  });

  it.each([
    [3, 2],
    [0, 1],
    [1, 1.5],
    [1, Number.NaN],
  ])('refuses what says that it speaks %d to %d', (min, max) => {
    expect(negotiate(side('9', min, max), side('0.1.0', 1, 1))).toEqual({
      refusal: `the engine says that it speaks versions ${min} to ${max} of the messages, which is impossible`,
      hint: 'update iopftop where the engine runs',
    });
    expect(negotiate(side('0.1.0', 1, 1), side('9', min, max))).toHaveProperty(
      'hint',
      'update iopftop where the front end runs',
    );
  });

  it('gives the newest version that both speak, or says which of them speaks older ones only', () => {
    const range = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.nat(5)).map(([min, more]) => side('x', min, min + more));
    fc.assert(
      fc.property(range, range, (engine, frontEnd) => {
        const speaks = ({ speaks: { min, max } }: Side, version: number): boolean => min <= version && version <= max;
        const both = Array.from({ length: 12 }, (_, i) => 12 - i).find((v) => speaks(engine, v) && speaks(frontEnd, v));
        const agreed = negotiate(engine, frontEnd);
        if (both !== undefined) expect(agreed).toEqual({ version: both });
        else {
          const older = engine.speaks.max < frontEnd.speaks.max ? 'engine' : 'front end';
          expect(agreed).toHaveProperty('refusal', expect.stringMatching(`^the ${older} is too old`));
        }
      }),
    );
  });
});

describe('the side of an engine', () => {
  it('is what its hello says; one that does not say it speaks the first version', () => {
    expect(engineSide({ version: '0.1.0' })).toEqual(side('0.1.0', 1, 1));
    expect(engineSide({ version: '0.7.0', speaks: { min: 2, max: 5 } })).toEqual(side('0.7.0', 2, 5));
    expect(negotiate(engineSide({ version: '0.1.0' }), { iopftop: 'here', speaks: SPOKEN })).toEqual({ version: 1 });
  });
});
