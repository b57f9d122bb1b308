import type { Btf } from './btf.js';
import { bytesCoder } from './codec-scalar.js';
import { at, type Coder, Misfit, quote } from './coder.js';
import { skipTypedefs } from './resolve.js';
import { type BtfArray, type BtfType, IntEncoding } from './types.js';

/** What an array's elements make of it. */
export type ArrayForm = 'text' | 'bytes' | 'list';

/** `char[]` is text, arrays of other unsigned bytes are bytes. */
export function arrayForm(btf: Btf, array: BtfArray): ArrayForm {
  const element: BtfType = btf.type(skipTypedefs(btf, array.type));
  if (element.kind !== 'INT' || element.size !== 1 || element.bits !== 8) return 'list';
  if (element.name === 'char') return 'text';
  return (element.encoding & (IntEncoding.SIGNED | IntEncoding.BOOL)) === 0 ? 'bytes' : 'list';
}

export function arrayCoder(btf: Btf, array: BtfArray, inner: (id: number) => Coder): Coder {
  const form = arrayForm(btf, array);
  if (form === 'bytes') return bytesCoder(array.length);
  return form === 'text' ? textCoder(array.length) : listCoder(inner(array.type), array.length);
}

/** Fewer elements than there are may be given: the rest is zero. */
function listCoder(element: Coder, length: number): Coder {
  return {
    size: element.size * length,
    leaves: element.leaves * length + 1,
    read: (view, offset) => Array.from({ length }, (_, i) => element.read(view, offset + i * element.size)),
    write: (view, offset, value) => {
      if (!Array.isArray(value)) throw new Misfit(`${quote(value)} is no array`);
      if (value.length > length) throw new Misfit(`${value.length} elements do not fit ${length}`);
      value.forEach((each, i) => {
        at(`[${i}]`, () => element.write(view, offset + i * element.size, each));
      });
    },
  };
}

const utf8 = { encode: new TextEncoder(), decode: new TextDecoder('utf-8', { ignoreBOM: true }) };

/** UTF-8 up to the first NUL or the end. Bytes may be given instead, for what is no text. */
function textCoder(length: number): Coder {
  const bytes = bytesCoder(length);
  return {
    size: length,
    leaves: 1,
    read: (view, offset) => {
      const all = new Uint8Array(view.buffer, view.byteOffset + offset, length);
      const end = all.indexOf(0);
      return utf8.decode.decode(end < 0 ? all : all.subarray(0, end));
    },
    write: (view, offset, value) => {
      if (typeof value !== 'string') return bytes.write(view, offset, value);
      const text = utf8.encode.encode(value);
      if (text.length > length) throw new Misfit(`${quote(value)} has ${text.length} bytes, which do not fit ${length}`);
      bytes.write(view, offset, text);
    },
  };
}
