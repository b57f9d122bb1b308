/**
 * Colours of columns by what they hold, in chalk's words. Only the sixteen colours that a terminal's theme defines, and of them only
 * those that are legible on light and on dark grounds: in the themes that come with xterm, GNOME, KDE, macOS, Windows, VS Code and PuTTY magenta has a
 * contrast of 3 or more on nearly all of both, cyan and green on white one of 2 to 3.4, blue on black one of 2. So what is to be read character for
 * character, a name or path, has the text's own colour, and green is for a word that also says what it means.
 */
export const PALETTE = {
  id: ['bold'],
  name: [],
  type: ['magenta'],
  path: [],
  good: ['green'],
  bad: ['red'],
  dim: ['dim'],
  title: ['bold'],
} as const satisfies Record<string, readonly string[]>;

export type ColourName = keyof typeof PALETTE;
