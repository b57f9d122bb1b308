import { ipv4Text, ipv6Text } from '../bytes/addresses.js';
import { hex } from '../bytes/text.js';

const LENGTH_SIZE = 4;

/** The key of an LPM trie (struct bpf_lpm_trie_key) as `10.0.0.0/8`, `2001:db8::/32`, or, where its data is no address, its bytes: `0a 01 02/20`. */
export function prefixText(key: Uint8Array): string {
  const length = new DataView(key.buffer, key.byteOffset).getUint32(0, true);
  const data = key.subarray(LENGTH_SIZE);
  const address = data.length === 4 ? ipv4Text(data) : data.length === 16 ? ipv6Text(data) : hex(data, ' ');
  return `${address}/${length}`;
}
