import { Btf } from '../../src/btf/btf.js';
import { codecOf } from '../../src/btf/codec.js';
import { encodeLiteral } from '../../src/btf/literal-value.js';
import { sizeOf } from '../../src/btf/resolve.js';
import { compileFormatter } from '../../src/btf/value.js';
import { parseLiteral } from '../../src/bytes/literal.js';
import { attempt } from './attempt.js';

/** Types that are looked at one by one. */
const MOST = 64;
/** Values that are longer as text are not read again. */
const MAX_TEXT = 4096;

/** Prints, decodes and encodes a value of a map whose types nobody vouches for; what is printed has to be JSON. The first byte is the value's length. */
export function exerciseValue(input: Uint8Array): void {
  const value = input.slice(1, 1 + (input[0] ?? 0));
  const view = new DataView(value.buffer);
  const btf = Btf.parse(input.subarray(1 + value.length));
  for (let id = 1; id < Math.min(btf.count, MOST); id++) {
    const text = attempt(() => compileFormatter(btf, id).json(view, 0));
    if (text !== undefined) JSON.parse(text);
    attempt(() => compileFormatter(btf, id).plain(view, 0, 1));
    attempt(() => readBack(btf, id, value));
    if (text !== undefined) attempt(() => writeAgain(btf, id, text, value.length));
  }
}

function readBack(btf: Btf, id: number, value: Uint8Array): void {
  const codec = codecOf(btf, id);
  codec.encode(codec.decode(value) as never);
}

/** What was printed is what may be given. A map's values are as long as their type, or the kernel refuses the map. */
function writeAgain(btf: Btf, id: number, text: string, length: number): void {
  if (sizeOf(btf, id) <= length && text.length < MAX_TEXT) encodeLiteral(btf, id, parseLiteral(text), 'value');
}
