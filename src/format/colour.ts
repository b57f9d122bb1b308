/**
 * Colours of columns by what they hold, in chalk's words. Only the sixteen colours that a terminal's theme defines, and of them only
 * those that are legible on light and on dark grounds.
 */
export const PALETTE = {
  id: ['bold'],
  name: ['cyan'],
  type: ['magenta'],
  path: ['green'],
  good: ['green'],
  bad: ['red'],
  dim: ['dim'],
  title: ['bold'],
} as const satisfies Record<string, readonly string[]>;

export type ColourName = keyof typeof PALETTE;
