// What the programs of an object print into the trace pipe, as far as the object tells: the pipe does not say which program a line is from.
import type { ObjectSpec } from './spec.js';

// enum bpf_func_id
const PRINTING = [6 /* trace_printk */, 177 /* trace_vprintk */];
const CALL = 0x85;

/** Whether a program of the object calls bpf_trace_printk or bpf_trace_vprintk, which bpf_printk() is made of. */
export function printsToTracePipe({ programs, subprograms }: Pick<ObjectSpec, 'programs' | 'subprograms'>): boolean {
  return [...programs, ...subprograms].some(({ instructions }) => {
    const view = new DataView(instructions.buffer, instructions.byteOffset, instructions.length);
    for (let at = 0; at + 8 <= instructions.length; at += 8) {
      // The upper half of the second byte says whom the call is to: 0 is a helper.
      if (view.getUint8(at) === CALL && view.getUint8(at + 1) >> 4 === 0 && PRINTING.includes(view.getInt32(at + 4, true))) return true;
    }
    return false;
  });
}

// A conversion of bpf_bprintf_prepare (kernel/bpf/helpers.c): flags, width, precision, length, and what may follow a %p.
const CONVERSION = /%[-+ 0#]*\d*(?:\.\d*)?(?:hh|h|ll|l|z)?(?:p[A-Za-z]*\d*[A-Za-z]*|[a-zA-Z])/;
const PARTS = new RegExp(`(%%|${CONVERSION.source})`);

/**
 * What the first line of a message looks like that was printed with one of the texts among the object's constants; undefined when it has none, as one
 * whose format strings are put together on the stack.
 */
export function printkPattern({ maps }: Pick<ObjectSpec, 'maps'>): RegExp | undefined {
  const texts = maps.flatMap(({ kind, contents }) => (kind === 'rodata' && contents ? [...constantTexts(contents)] : []));
  if (texts.length === 0) return undefined;
  return new RegExp(`^(?:${[...new Set(texts)].map(patternOf).join('|')})$`);
}

/** Texts of printable characters up to a NUL byte. */
function* constantTexts(bytes: Uint8Array): Generator<string> {
  for (const text of Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1').split('\0')) {
    if (/^[\t\n\x20-\x7e]+$/.test(text)) yield text;
  }
}

function patternOf(format: string): string {
  const [line = ''] = format.split('\n', 1);
  return line
    .split(PARTS)
    .map((part, i) => (part === '%%' ? '%' : i % 2 === 1 ? '.*' : part.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')))
    .join('')
    .replace(/(?:\.\*)+/g, '.*');
}
