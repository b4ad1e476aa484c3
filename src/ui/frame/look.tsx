// How the frame looks. Layout and words come from the model; nothing is computed here.
import { Box, Text } from 'ink';
import type { ReactNode } from 'react';
import type { BoxModel } from '../dialogs/lines.ts';
import { panelLines } from '../first-frame.ts';
import type { Style, Theme } from '../text/theme.ts';
import type { FooterKey, FrameModel, PanelModel } from './frame-model.ts';

interface LineProps {
  theme: Theme;
  style: Style;
  children: string;
}

/** One row of text in one style. */
function Line({ theme, style, children }: LineProps): ReactNode {
  return <Text wrap="truncate">{theme.paint(style, theme.glyphs(children))}</Text>;
}

/** A side of a panel: a line of its own, since Ink measures every cell of a text, blanks too. */
function Side({ theme, left, top, rows }: { theme: Theme; left: number; top: number; rows: number }): ReactNode {
  const bars = Array.from({ length: rows }, () => '│').join('\n');
  return (
    <Box position="absolute" left={left} top={top} width={1} height={rows}>
      <Line theme={theme} style="plain">
        {bars}
      </Line>
    </Box>
  );
}

function Panel({ panel, theme }: { panel: PanelModel; theme: Theme }): ReactNode {
  const { box, header, last } = panel.placed;
  const lines = panelLines(panel.placed, panel.title);
  const side = { theme, top: box.top + 1, rows: box.height - (last ? 2 : 1) };
  return (
    <>
      <Box position="absolute" {...box} height={1}>
        <Line theme={theme} style={panel.focused ? 'accent' : 'plain'}>
          {lines[0]!}
        </Line>
      </Box>
      <Side {...side} left={box.left} />
      <Side {...side} left={box.left + box.width - 1} />
      {last ? (
        <Box position="absolute" {...box} top={box.top + box.height - 1} height={1}>
          <Line theme={theme} style="plain">
            {lines.at(-1)!}
          </Line>
        </Box>
      ) : null}
      {header ? (
        <Box position="absolute" {...header}>
          <Line theme={theme} style="heading">
            {panel.header}
          </Line>
        </Box>
      ) : null}
    </>
  );
}

function Footer({ keys, theme }: { keys: FooterKey[]; theme: Theme }): ReactNode {
  const painted = keys
    .map(({ key, label, refused }) =>
      refused
        ? theme.paint('dim', `${theme.glyphs(key)} ${label}`)
        : `${theme.paint('key', theme.glyphs(key))} ${label}`,
    )
    .join('  ');
  return <Text wrap="truncate">{` ${painted}`}</Text>;
}

/** A dialog or the help: covers what is under it. */
function OverBox({ model, theme }: { model: BoxModel; theme: Theme }): ReactNode {
  const side = theme.paint(model.style, theme.glyphs('│'));
  return (
    <Box position="absolute" flexDirection="column" {...model.rect}>
      <Line theme={theme} style={model.style}>
        {boxTop(model)}
      </Line>
      {model.lines.map((line, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place
        <Text key={i} wrap="truncate">
          {`${side} ${theme.paint(line.style, theme.glyphs(line.text))} ${side}`}
        </Text>
      ))}
      <Line theme={theme} style={model.style}>
        {boxBottom(model)}
      </Line>
    </Box>
  );
}

const boxTop = ({ rect, title }: BoxModel): string => {
  const shown = ` ${title} `.slice(0, Math.max(0, rect.width - 4));
  return `╭─${shown}${'─'.repeat(Math.max(0, rect.width - 3 - shown.length))}╮`;
};
const boxBottom = ({ rect }: BoxModel): string => `╰${'─'.repeat(Math.max(0, rect.width - 2))}╯`;

export function Frame({ model, theme }: { model: FrameModel; theme: Theme }): ReactNode {
  const { columns, rows, tooSmall } = model;
  if (tooSmall !== null) {
    return (
      <Box width={columns} height={rows}>
        <Text wrap="wrap">{theme.glyphs(tooSmall)}</Text>
      </Box>
    );
  }
  return (
    <Box width={columns} height={rows}>
      {model.panels.map((panel) => (
        <Panel key={panel.title} panel={panel} theme={theme} />
      ))}
      <Box position="absolute" top={rows - 1} left={0} width={columns} height={1}>
        <Footer keys={model.footer} theme={theme} />
      </Box>
      {model.box ? <OverBox model={model.box} theme={theme} /> : null}
    </Box>
  );
}
