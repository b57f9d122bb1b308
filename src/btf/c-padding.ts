/** Types that can fill a hole, with their bits, the largest first. */
const FILLERS = [
  { name: 'long', bits: 64 },
  { name: 'int', bits: 32 },
  { name: 'short', bits: 16 },
  { name: 'char', bits: 8 },
] as const;

/**
 * Unnamed bitfields that bring a struct from bit `from` to bit `to`, where the next member stands, as far as the compiler would not get there by itself.
 * `align` is the alignment of that member in bytes; `inBitfield`: bitfields stand on both sides (btf_dump_emit_bit_padding of libbpf).
 */
export function* padding(from: number, to: number, align: number, inBitfield: boolean): Generator<string> {
  if (from >= to) return;
  const filler = FILLERS.find(({ bits }) => roundUp(from, bits) <= to) ?? FILLERS[3];
  const boundary = roundUp(from, filler.bits);
  let at = from;
  if (boundary > from && boundary <= to) {
    // Needed when the compiler would not align there: the next member asks for less, or what is left would fit in front of the boundary.
    const needed = boundary === to ? roundUp(from, align * 8) !== boundary : to - boundary <= boundary - from;
    if (inBitfield || needed) yield `${filler.name}: ${inBitfield ? boundary - from : 0}`;
    at = boundary;
  }
  for (; to - at >= filler.bits; at += filler.bits) yield `${filler.name}: ${filler.bits}`;
  if (at < to) yield `${smallestFor(to - at)}: ${to - at}`;
}

function smallestFor(bits: number): string {
  return FILLERS.findLast((filler) => filler.bits >= bits)!.name;
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}
