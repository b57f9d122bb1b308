import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dotToSvg } from '../../src/format/svg.js';

test('a graph becomes a picture with its names in it, as text that cannot be markup', async () => {
  const svg = await dotToSvg('digraph { a [shape=record, label="{one\\l|<b>two & \\<three\\>\\l}"]; a -> b }');
  assert.match(svg, /^<\?xml /);
  assert.match(svg, /<\/svg>\n$/);
  assert.match(svg, /<text [^>]*font-family="Courier,monospace"[^>]*>two &amp; &lt;three&gt;<\/text>/);
  assert.equal(svg.match(/class="edge"/g)?.length, 1);
});

test('a record is as wide as what stands in it', async () => {
  const width = async (label: string) =>
    Number(/<svg width="(\d+)pt"/.exec(await dotToSvg(`graph { a [shape=record, label="${label}"] }`))![1]);
  // A letter of Courier is 0.6 of its size wide.
  assert.equal(Math.round(((await width('i'.repeat(60))) - (await width('i'.repeat(20)))) / (40 * 0.6)), 11);
});

test('characters that XML has no place for do not get into the picture', async () => {
  const svg = await dotToSvg('graph { a [label="x\x1b[31m\x00\ud800y"] }');
  assert.match(svg, />x\ufffd\[31m\ufffd\ufffdy</);
});

test('what is no graph is refused with what Graphviz says', async () => {
  await assert.rejects(dotToSvg('digraph {'), /^Error: draw the graph: .*syntax error/);
  await assert.rejects(dotToSvg(''), /^Error: draw the graph: /);
});
