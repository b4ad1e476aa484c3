import { Box, Text } from 'ink';
import type { ReactNode } from 'react';
import { describe, expect, it } from 'vitest';
import { Boundary } from '../../../src/ui/paint/boundary.tsx';
import { render } from '../../helpers/render.tsx';

function Broken({ words }: { words: string | null }): ReactNode {
  if (words !== null) throw new Error(words);
  return <Text>well</Text>;
}

function setUp() {
  const errors: string[] = [];
  const page = (words: string | null, resetKey: number) => (
    <Box flexDirection="column">
      <Text>head</Text>
      <Boundary
        resetKey={resetKey}
        fallback={(error) => <Text>failed: {(error as Error).message}</Text>}
        onError={(error) => errors.push((error as Error).message)}
      >
        <Broken words={words} />
      </Boundary>
    </Box>
  );
  return { errors, page };
}

describe('a boundary', () => {
  it('shows something else in the place of what fails, and the rest stays', () => {
    const { errors, page } = setUp();
    const { lines } = render(page('no view', 1), 30, 2);
    expect(lines()).toEqual(['head', 'failed: no view']);
    expect(errors).toEqual(['no view']);
  });

  it('stays so while the key to it is the same', () => {
    const { errors, page } = setUp();
    const { lines, show } = render(page('no view', 1), 30, 2);
    show(page(null, 1));
    expect(lines()).toEqual(['head', 'failed: no view']);
    expect(errors).toEqual(['no view']);
  });

  it('gives another chance with another key', () => {
    const { errors, page } = setUp();
    const { lines, show } = render(page('no view', 1), 30, 2);
    show(page(null, 2));
    expect(lines()).toEqual(['head', 'well']);
    show(page('again', 2));
    expect(lines()).toEqual(['head', 'failed: again']);
    expect(errors).toEqual(['no view', 'again']);
  });

  it('reports the same failure once, however often it had another chance', () => {
    const { errors, page } = setUp();
    const { lines, show } = render(page('no view', 1), 30, 2);
    for (let key = 2; key < 6; key++) show(page('no view', key));
    expect(lines()).toEqual(['head', 'failed: no view']);
    expect(errors).toEqual(['no view']);
  });
});
