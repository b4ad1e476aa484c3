// A row of painted text, as long as it is: Ink's <Transform> around a blank. The text comes from the transform, so neither
// Ink nor Yoga measures it when it changes; its owner has fitted it to its place.
import { Transform } from 'ink';
import { memo, type ReactNode } from 'react';

export const Line = memo(function Line({ text }: { text: string }): ReactNode {
  return <Transform transform={() => text}> </Transform>;
});
