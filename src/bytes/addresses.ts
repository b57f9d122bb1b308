// Addresses as people write them, to and from their bytes in network order.

/** `10.0.0.1` as 4 bytes; undefined when the text is anything else. Numbers with a leading zero, which some read as octal, are not taken. */
export function parseIpv4(text: string): Uint8Array | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)) return undefined;
  return Uint8Array.from(parts, Number);
}

/** `2001:db8::1`, `::ffff:10.0.0.1` as 16 bytes (RFC 4291, 2.2); undefined when the text is anything else, also one with a zone. */
export function parseIpv6(text: string): Uint8Array | undefined {
  const [before = '', after, ...more] = text.split('::');
  if (more.length > 0) return undefined;
  const head = groups(before, after === undefined);
  const tail = after === undefined ? [] : groups(after, true);
  if (!head || !tail) return undefined;
  const missing = 16 - head.length - tail.length;
  // `::` stands for at least one group.
  if (after === undefined ? missing !== 0 : missing < 2) return undefined;
  return Uint8Array.from([...head, ...new Array<number>(missing).fill(0), ...tail]);
}

/** Groups of 16 bits as bytes; the last one may be an IPv4 address where the text ends with it. */
function groups(text: string, isEnd: boolean): number[] | undefined {
  if (text === '') return [];
  const bytes: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    const ipv4 = isEnd && index === parts.length - 1 ? parseIpv4(part) : undefined;
    if (ipv4) bytes.push(...ipv4);
    else if (/^[0-9a-f]{1,4}$/i.test(part)) bytes.push(Number.parseInt(part, 16) >> 8, Number.parseInt(part, 16) & 0xff);
    else return undefined;
  }
  return bytes;
}

/** `52:54:00:12:34:56`, or with `-`, as 6 bytes; undefined when the text is anything else. */
export function parseMac(text: string): Uint8Array | undefined {
  if (!/^[0-9a-f]{2}(?:(:|-)[0-9a-f]{2})(?:\1[0-9a-f]{2}){4}$/i.test(text)) return undefined;
  return Uint8Array.from(text.split(/[:-]/), (part) => Number.parseInt(part, 16));
}

/** The bytes of any address of that many bytes. */
export function parseAddress(text: string, size: number): Uint8Array | undefined {
  return size === 4 ? parseIpv4(text) : size === 6 ? parseMac(text) : size === 16 ? parseIpv6(text) : undefined;
}

/** 4 bytes as `10.0.0.1`. */
export function ipv4Text(bytes: Uint8Array): string {
  return bytes.join('.');
}

/** 16 bytes as RFC 5952 has them written: `2001:db8::1`; mapped IPv4 addresses as `::ffff:10.0.0.1`. */
export function ipv6Text(bytes: Uint8Array): string {
  const words = Array.from({ length: 8 }, (_, i) => (bytes[2 * i]! << 8) | bytes[2 * i + 1]!);
  if (words.slice(0, 5).every((word) => word === 0) && words[5] === 0xffff) return `::ffff:${ipv4Text(bytes.subarray(12))}`;
  const { start, length } = longestZeros(words);
  const text = (part: readonly number[]) => part.map((word) => word.toString(16)).join(':');
  return length < 2 ? text(words) : `${text(words.slice(0, start))}::${text(words.slice(start + length))}`;
}

function longestZeros(words: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  for (let start = 0; start < words.length; start++) {
    let end = start;
    while (words[end] === 0) end++;
    if (end - start > best.length) best = { start, length: end - start };
  }
  return best;
}
