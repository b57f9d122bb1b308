// Lines of an exported map whose elements have no types: all of a line but an index is hex.
import { TextBuffer } from '../bytes/text-buffer.js';
import { perCpuStep } from '../kernel/map-types.js';
import type { Batch } from './batches.js';
import { HexTemplate, HexWriter } from './hex-template.js';
import type { BpfMap } from './map.js';

/** What is given at a time, unless one line is longer. */
const PIECE = 1 << 16;

/** Writes what `JSON.stringify` would make of the records of such elements; `keys` says what theirs are. */
export class HexLines {
  readonly #hex: HexWriter;
  readonly #out = new TextBuffer();

  constructor(
    map: BpfMap,
    readonly keys: 'number' | 'hex',
  ) {
    this.#hex = new HexWriter(template(map, keys), map.info.keySize, map.valueBytes);
  }

  /** The lines of a batch; each piece holds until the next. */
  *of({ keys, values, count }: Batch): Generator<Uint8Array> {
    const keyView = new DataView(keys.buffer, keys.byteOffset, keys.byteLength);
    for (let i = 0; i < count; i++) {
      if (this.keys === 'number') {
        this.#out.addText('{"key":');
        this.#out.addNumber(keyView.getUint32(i * this.#hex.keySize, true));
      }
      const at = this.#out.claim(this.#hex.stride);
      this.#hex.writeOne(this.#out.bytes, at, keys, values, i);
      if (this.#out.length >= PIECE) yield this.#out.take();
    }
    if (this.#out.length > 0) yield this.#out.take();
  }
}

/** A line, without the number at its beginning where the key is one. */
function template(map: BpfMap, keys: 'number' | 'hex'): HexTemplate {
  const { keySize, valueSize } = map.info;
  const line = new HexTemplate();
  if (keys === 'hex') {
    line.add('{"key_hex":"');
    for (let i = 0; i < keySize; i++) line.keyByte();
    line.add('"');
  }
  if (map.row.value !== 'per-cpu') return digits(line.add(',"value_hex":'), 0, valueSize).add('}\n');
  const step = perCpuStep(valueSize);
  line.add(',"values_hex":[');
  for (let at = 0; at < map.valueBytes; at += step) digits(line.add(at > 0 ? ',' : ''), at, valueSize);
  return line.add(']}\n');
}

function digits(line: HexTemplate, first: number, size: number): HexTemplate {
  line.add('"');
  for (let i = 0; i < size; i++) line.valueByte(first + i);
  return line.add('"');
}
