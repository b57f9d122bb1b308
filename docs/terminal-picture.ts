// A terminal's screen as a picture: text with the colours of SGR sequences (ECMA-48), as SVG that follows the reader's light or dark theme.

interface Style {
  readonly bold: boolean;
  readonly dim: boolean;
  /** 0 to 7, or undefined for that of text. */
  readonly colour: number | undefined;
}

interface Span extends Style {
  readonly text: string;
}

const PLAIN: Style = { bold: false, dim: false, colour: undefined };
const CHARACTER = 8.4;
const LINE = 18;
const MARGIN = 12;
const LIGHT = ['#24292f', '#b3261e', '#1a7f37', '#8a6100', '#0a53be', '#8250a8', '#0b7285', '#57606a'];
const DARK = ['#8b949e', '#ff7b72', '#56d364', '#e3b341', '#79c0ff', '#d2a8ff', '#56d4dd', '#c9d1d9'];

export type Theme = 'light' | 'dark';

/**
 * What a program printed to a terminal of `columns`, below the command line that made it. Of a program that draws the whole screen, what it drew last. Without a
 * theme the reader's.
 */
export function terminalPicture(command: string, printed: string, columns: number, theme?: Theme): string {
  const lines = [
    [
      { ...PLAIN, dim: true, text: '$ ' },
      { ...PLAIN, bold: true, text: command },
    ],
    ...screenLines(printed),
  ];
  const width = Math.ceil(columns * CHARACTER + 2 * MARGIN);
  const height = lines.length * LINE + 2 * MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<style>${styles(theme)}</style>`,
    `<rect width="${width}" height="${height}" rx="8"/>`,
    ...lines.map((spans, i) => lineElement(spans, MARGIN + (i + 1) * LINE - 5)),
    '</svg>\n',
  ].join('\n');
}

function styles(theme: Theme | undefined): string {
  const colours = (list: readonly string[]) => list.map((colour, i) => `.c${i}{fill:${colour}}`).join('');
  const dark = `text{fill:#e6edf3}rect{fill:#161b22}${colours(DARK)}`;
  return [
    'text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;white-space:pre;fill:#24292f}rect{fill:#f6f8fa}.b{font-weight:bold}.d{opacity:.6}',
    colours(LIGHT),
    theme === undefined ? `@media(prefers-color-scheme:dark){${dark}}` : theme === 'dark' ? dark : '',
  ].join('');
}

function lineElement(spans: readonly Span[], y: number): string {
  let column = 0;
  const parts = spans.map(({ text, bold, dim, colour }) => {
    const classes = [bold && 'b', dim && 'd', colour !== undefined && `c${colour}`].filter(Boolean).join(' ');
    const x = MARGIN + column * CHARACTER;
    column += [...text].length;
    return `<tspan x="${x.toFixed(1)}"${classes ? ` class="${classes}"` : ''}>${escaped(text)}</tspan>`;
  });
  return `<text y="${y}" xml:space="preserve">${parts.join('')}</text>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign]!);
}

function screenLines(printed: string): Span[][] {
  const lastScreen = printed.slice(printed.lastIndexOf('\x1b[H') + 1 || 0);
  const text = lastScreen
    .replace(/^\[H/, '')
    .replace(/\r/g, '')
    .replace(/\x1b\[(?:\?\d+[hl]|[KJ])/g, '');
  let style = PLAIN;
  const lines = text.trimEnd().split('\n');
  return lines.map((line) => {
    const spans: Span[] = [];
    let column = 0;
    for (const piece of line.split(/(\x1b\[[\d;]*m)/)) {
      if (piece.startsWith('\x1b[')) style = piece.slice(2, -1).split(';').map(Number).reduce(changed, style);
      else if (piece !== '') {
        const text = withoutTabs(piece, column);
        spans.push({ ...style, text });
        column += [...text].length;
      }
    }
    return spans;
  });
}

/** Tabs as the blanks that a terminal makes of them: up to the next of its stops. */
function withoutTabs(text: string, start: number): string {
  let column = start;
  return [...text]
    .map((character) => {
      const shown = character === '\t' ? ' '.repeat(TAB - (column % TAB)) : character;
      column += shown.length;
      return shown;
    })
    .join('');
}

const TAB = 8;

/** Select Graphic Rendition, as far as bpf-ts uses it. */
function changed(style: Style, code: number): Style {
  if (code === 0) return PLAIN;
  if (code === 1) return { ...style, bold: true };
  if (code === 2) return { ...style, dim: true };
  if (code === 22) return { ...style, bold: false, dim: false };
  if (code === 39) return { ...style, colour: undefined };
  return code >= 30 && code <= 37 ? { ...style, colour: code - 30 } : style;
}
