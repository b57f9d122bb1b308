/** Types that can fill a hole, with their bits, the largest first. */
const FILLERS = [
  { name: 'long', bits: 64 },
  { name: 'int', bits: 32 },
  { name: 'short', bits: 16 },
  { name: 'char', bits: 8 },
] as const;
const LARGEST = FILLERS[0];
const SMALLEST = FILLERS[3];

/**
 * Calls `hole` with the unnamed bitfields that bring a struct from bit `from` to bit `to`, where the next member stands, as far as the compiler would not get there by itself.
 * `align` is the alignment of that member in bytes; `inBitfield`: bitfields stand on both sides (btf_dump_emit_bit_padding of libbpf). Of
 * hostile types there are millions.
 */
export function padding(from: number, to: number, align: number, inBitfield: boolean, hole: (text: string) => void): void {
  if (from >= to) return;
  const filler = fillerWithin(from, to);
  const boundary = roundUp(from, filler.bits);
  let at = from;
  if (boundary > from && boundary <= to) {
    // Needed when the compiler would not align there: the next member asks for less, or what is left would fit in front of the boundary.
    const needed = boundary === to ? roundUp(from, align * 8) !== boundary : to - boundary <= boundary - from;
    if (inBitfield || needed) hole(`${filler.name}: ${inBitfield ? boundary - from : 0}`);
    at = boundary;
  }
  for (; to - at >= filler.bits; at += filler.bits) hole(`${filler.name}: ${filler.bits}`);
  if (at < to) hole(`${fillerFor(to - at).name}: ${to - at}`);
}

/** The largest whose next boundary is not behind `to`. */
function fillerWithin(from: number, to: number): (typeof FILLERS)[number] {
  for (const filler of FILLERS) if (roundUp(from, filler.bits) <= to) return filler;
  return SMALLEST;
}

/** The smallest that has so many bits. */
function fillerFor(bits: number): (typeof FILLERS)[number] {
  let smallest: (typeof FILLERS)[number] = LARGEST;
  for (const filler of FILLERS) if (filler.bits >= bits) smallest = filler;
  return smallest;
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}
