const ROW = 16;

/** Bytes in rows of sixteen, in pairs, with their printable ASCII beside them: as `prog run` of bpftool shows data. */
export function hexdump(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += ROW) text += row(bytes.subarray(at, at + ROW), at);
  return text;
}

function row(bytes: Uint8Array, at: number): string {
  let digits = '';
  let ascii = '';
  for (let i = 0; i < ROW; i++) {
    const byte = bytes[i];
    digits += (byte === undefined ? '  ' : byte.toString(16).padStart(2, '0')) + (i % 2 === 1 ? ' ' : '');
    if (byte !== undefined) ascii += (byte >= 0x20 && byte <= 0x7e ? String.fromCharCode(byte) : '.') + (i === 7 ? ' ' : '');
  }
  return `${at.toString(16).padStart(7, '0')}\t${digits}| ${ascii}\n`;
}
