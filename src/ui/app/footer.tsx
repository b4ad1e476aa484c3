// The keys of what is on top, as many as fit.
import { Box, Text } from 'ink';
import { Fragment, type ReactNode } from 'react';
import { Styled } from '../hooks/styled.tsx';
import { useScreen } from '../hooks/use-screen.ts';
import { footerFor } from './footer-keys.ts';

export function Footer(): ReactNode {
  const keys = useScreen(footerFor);
  return (
    <Box height={1} paddingLeft={1} flexShrink={0} overflow="hidden">
      <Text wrap="truncate">
        {keys.map(({ key, label }, i) => (
          <Fragment key={key}>
            {i > 0 && '  '}
            <Styled as="key">{key}</Styled> {label}
          </Fragment>
        ))}
      </Text>
    </Box>
  );
}
