import { Cursor } from '../bytes/cursor.js';
import { cString } from '../bytes/text.js';

/** A note: `type` means what its owner, `name`, says. */
export interface ElfNote {
  readonly name: string;
  readonly type: number;
  readonly description: Uint8Array;
}

/** The notes of a NOTE section or segment, such as the build id or USDT probes. @throws ParseError when one is cut off */
export function* notesIn(bytes: Uint8Array, littleEndian: boolean, what = 'notes'): Generator<ElfNote> {
  const cursor = new Cursor(bytes, what, littleEndian);
  while (cursor.remaining >= 12) {
    const nameLength = cursor.u32();
    const length = cursor.u32();
    const type = cursor.u32();
    const name = cString(cursor.take(nameLength));
    align(cursor);
    const description = cursor.take(length);
    align(cursor);
    yield { name, type, description };
  }
}

/** Both parts are padded to 4 bytes, in 64-bit files too, whatever the specification says; the last padding may be missing. */
function align(cursor: Cursor): void {
  cursor.skip(Math.min(-cursor.offset & 3, cursor.remaining));
}
