// Letters of one width, as the listings have. Graphviz knows how wide those of Courier are, by no other name than this.
const FONT = { fontname: 'Courier', fontsize: 11 };
const FONT_ATTRIBUTE = 'font-family="Courier"';
const WITH_FALLBACK = 'font-family="Courier,monospace"';
// Not in any XML file, not even escaped.
const NO_XML = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/**
 * Draws a graph in the DOT language as a picture in SVG, by Graphviz compiled to WebAssembly: no browser, no program on the system. The library takes 50 ms and a
 * megabyte to load, so it is loaded only here. Characters that XML has no place for are shown as `\ufffd`.
 *
 * @param dot one graph; fonts that it does not choose are Courier
 * @returns an XML document, with its last line feed
 * @throws when the text is no graph, with what Graphviz says on it
 */
export async function dotToSvg(dot: string): Promise<string> {
  const { instance } = await import('@viz-js/viz');
  const graphviz = await instance();
  const result = graphviz.render(dot.replace(NO_XML, '\ufffd'), {
    format: 'svg',
    graphAttributes: FONT,
    nodeAttributes: { ...FONT, fillcolor: 'white' },
    edgeAttributes: FONT,
  });
  // In text quotes are escaped, so this is the attribute.
  if (result.status === 'success') return result.output.replaceAll(FONT_ATTRIBUTE, WITH_FALLBACK);
  throw new Error(`draw the graph: ${result.errors.map(({ message }) => message).join('; ') || 'Graphviz refused it'}`);
}
