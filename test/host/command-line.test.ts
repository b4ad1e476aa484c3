import { describe, expect, it } from 'vitest';
import { CommandLine, parseCommandLine } from '../../src/host/command-line.ts';

const of = (line: string) => parseCommandLine(line).map(({ name, value }) => (value === null ? name : [name, value]));

describe('the command line, as next_arg() takes it apart', () => {
  it.each([
    ['', []],
    ['  quiet \t\n ro\n', ['quiet', 'ro']],
    ['a=b c==d e= =f', [['a', 'b'], ['c', '=d'], ['e', ''], '=f']], // biome-ignore format: a case a line
    ['a="b c" d', [['a', 'b c'], 'd']],
    ['"a=b c" d', [['a', 'b c'], 'd']],
    ['a="b', [['a', 'b']]],
    ['a=b"c d"e f', [['a', 'b"c d"e'], 'f']],
    ['a="b"c', [['a', 'b"c']]],
    ['"quiet" ro', ['quiet', 'ro']],
    ['intel-iommu=on vfio-pci.disable-denylist=1', [['intel_iommu', 'on'], ['vfio_pci.disable_denylist', '1']]], // biome-ignore format: a case a line
    ['a=x-y', [['a', 'x-y']]],
    ['a -- b=c', ['a']],
    ['a --=b c', ['a', ['__', 'b'], 'c']],
    ['a "--" c', ['a']],
    ['a __ c', ['a', '__', 'c']],
    ['a="x -- y" b', [['a', 'x -- y'], 'b']],
    ['a\u00a0b', ['a', 'b']],
  ])('%j', (line, expected) => {
    expect(of(line)).toEqual(expected);
  });

  it('values and words of a parameter that stands there more than once', () => {
    const line = new CommandLine('pci=nocrs,noaer x pci="realloc,,nomsi" pci');
    expect(line.values('pci')).toEqual(['nocrs,noaer', 'realloc,,nomsi']);
    expect(line.words('pci')).toEqual(['nocrs', 'noaer', 'realloc', 'nomsi']);
  });
});

describe('what its parameters say', () => {
  it.each([
    ['', null],
    ['intel_iommu=on', null],
    ['intel_iommu=on,sm_on', true],
    ['intel_iommu="on,sm_on"', true],
    ['"intel_iommu=on,sm_on"', true],
    ['intel-iommu=on,sm_on', true],
    ['intel_iommu=sm_on intel_iommu=on,sm_off', false],
    ['intel_iommu=sm_off,sm_on', true],
    ['intel_iommu=on,sm_on -- intel_iommu=sm_off', true],
    ['intel_iommu= sm_on', null],
    ['x.intel_iommu=sm_on', null],
  ])('scalable mode: %s', (line, wanted) => {
    expect(new CommandLine(line).scalableMode).toBe(wanted);
  });

  it.each([
    ['pci=noats', true],
    ['pci=nocrs,noats', true],
    ['pci=nocrs pci=noats pci=realloc', true],
    ['pci="noats,nocrs"', true],
    ['pci', false],
    ['noats', false],
    ['pci=xnoats', false],
    ['-- pci=noats', false],
  ])('no ATS: %s', (line, expected) => {
    expect(new CommandLine(line).noAts).toBe(expected);
  });

  it.each([
    ['iommu=off', ['iommu=off']],
    ['iommu=off iommu=pt', ['iommu=off']],
    ['iommu=pt,off', ['iommu=off']],
    ['intel_iommu=off', ['intel_iommu=off']],
    ['intel_iommu=off intel_iommu=on', []],
    ['intel-iommu="sm_on,off"', ['intel_iommu=off']],
    ['amd_iommu=off amd_iommu=fullflush', ['amd_iommu=off']],
    ['-- iommu=off', []],
  ])('IOMMUs off: %s', (line, expected) => {
    expect(new CommandLine(line).iommuOff).toEqual(expected);
  });

  it.each([
    ['nointremap', 'nointremap'],
    ['intremap=off', 'intremap=off'],
    ['intremap=nosid,off', 'intremap=off'],
    ['nointremap intremap=on', null],
    ['intremap=on nointremap', 'nointremap'],
    ['intremap=nosid', null],
    ['-- nointremap', null],
  ])('interrupt remapping off: %s', (line, expected) => {
    expect(new CommandLine(line).interruptRemappingOff).toBe(expected);
  });
});
